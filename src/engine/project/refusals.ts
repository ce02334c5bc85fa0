/** Why a project file is not read. */
import { refusalsOf } from '../bundle/refusals.ts';

export const PROJECT_FILE = refusalsOf('project', 'project file', {
  choose: 'Choose a .telltale-project file that this program wrote.',
  smaller: 'Save the project without its data or with fewer runs, or make sure that the file comes from this program.',
});
