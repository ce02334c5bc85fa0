import { Button, Dialog, DialogTrigger, Heading, Popover } from 'react-aria-components';
import { en } from '../messages/en.ts';

type Quantity = Exclude<keyof typeof en.formula, 'open'>;

/** A question mark beside a number: what it means, its formula, and what the letters stand for. */
export function Formula({ of }: { readonly of: Quantity }) {
  const { title, text, formula, where } = en.formula[of];
  return (
    <DialogTrigger>
      <Button className="formula-mark" aria-label={en.formula.open(title)}>
        ?
      </Button>
      <Popover placement="bottom" className="formula-card">
        <Dialog>
          <Heading slot="title" level={3}>
            {title}
          </Heading>
          <p>{text}</p>
          <p className="formula">{formula}</p>
          <p className="small soft">{where}</p>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
