/**
 * What the build is made of, written into it: every bundled package with its licence text, and the same as a CycloneDX
 * bill of materials. Workers are built apart from the page, so both builds report to one list.
 */
import * as CDX from '@cyclonedx/cyclonedx-library';
import type { Plugin } from 'vite';
import { isPermissive, packageOf } from './packages.ts';
import type { Package } from './packages.ts';

const byName = (a: Package, b: Package): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** The licences as plain text, for people: each text once, under the packages that it is of. */
export function licencesText(packages: readonly Package[]): string {
  const rule = `\n${'-'.repeat(80)}\n\n`;
  const line = ({ name, version, license }: Package): string => `${name} ${version} (${license ?? 'no licence'})`;
  const head = `Telltale contains these ${packages.length} packages of others. Bill of materials: bom.cdx.json\n\n${packages.map((each) => `${line(each)}\n`).join('')}`;
  const texts = new Map<string, Package[]>();
  for (const each of packages) texts.set(each.text, [...(texts.get(each.text) ?? []), each]);
  const entries = [...texts].map(
    ([text, of]) =>
      `${of.map(line).join('\n')}\n\n${text === '' ? 'The package names its licence and holds no text of it.' : text}\n`,
  );
  return [head, ...entries].join(rule);
}

/** A package URL as its specification writes npm's: the scope's @ is escaped. */
const purl = ({ name, version }: Package): string => `pkg:npm/${name.replace('@', '%40')}@${version}`;

const licenceOf = (id: string): CDX.Models.License =>
  CDX.SPDX.isSupportedSpdxId(id) ? new CDX.Models.SpdxLicense(id) : new CDX.Models.LicenseExpression(id);

function componentOf(given: Package): CDX.Models.Component {
  const { name, version, license, homepage } = given;
  const slash = name.indexOf('/');
  const component = new CDX.Models.Component(CDX.Enums.ComponentType.Library, name.slice(slash + 1), {
    ...(slash > 0 && { group: name.slice(0, slash) }),
    version,
    purl: purl(given),
    bomRef: purl(given),
  });
  if (license !== undefined) component.licenses.add(licenceOf(license));
  if (homepage)
    component.externalReferences.add(
      new CDX.Models.ExternalReference(homepage, CDX.Enums.ExternalReferenceType.Website),
    );
  return component;
}

/** CycloneDX 1.6. Without time and serial number, so that the same sources give the same bytes. */
export function billOfMaterials(version: string, packages: readonly Package[]): string {
  const bom = new CDX.Models.Bom();
  bom.metadata.component = new CDX.Models.Component(CDX.Enums.ComponentType.Application, 'telltale', {
    version,
    bomRef: `telltale@${version}`,
  });
  bom.metadata.component.licenses.add(new CDX.Models.SpdxLicense('MIT'));
  for (const each of packages) {
    const component = componentOf(each);
    bom.components.add(component);
    bom.metadata.component.dependencies.add(component.bomRef);
  }
  const normal = new CDX.Serialize.JSON.Normalize.Factory(CDX.Spec.Spec1dot6);
  return new CDX.Serialize.JsonSerializer(normal).serialize(bom, { sortLists: true, space: 1 });
}

export type MaterialsOptions = {
  /** Of this project. */
  readonly version: string;
  /** Packages that are in the build but not in a bundle: in the service worker, compiled into our WebAssembly. */
  readonly also: readonly Package[];
};

/** `page` goes into the plugins of the build, `worker` into those of its workers. A licence that is not known ends the build. */
export function materials({ version, also }: MaterialsOptions): { page: Plugin; worker: () => Plugin } {
  const found = new Map<string, Package>();
  const take = (each: Package): unknown => found.set(`${each.name}@${each.version}`, each);
  const takeModules = (ids: readonly string[]): void => {
    for (const id of ids) {
      const one = packageOf(id);
      if (one) take(one);
    }
  };
  return {
    worker: () => ({
      name: 'materials-of-workers',
      apply: 'build',
      generateBundle(_, bundle) {
        for (const file of Object.values(bundle)) if (file.type === 'chunk') takeModules(file.moduleIds);
      },
    }),
    page: {
      name: 'materials',
      apply: 'build',
      generateBundle(_, bundle) {
        for (const file of Object.values(bundle)) if (file.type === 'chunk') takeModules(file.moduleIds);
        also.forEach(take);
        const packages = [...found.values()].sort(byName);
        const bad = packages.filter(({ license }) => !isPermissive(license ?? ''));
        if (bad.length > 0)
          this.error(`not known as permissive: ${bad.map(({ name, license }) => `${name} (${license})`).join(', ')}`);
        this.emitFile({ type: 'asset', fileName: 'licences.txt', source: licencesText(packages) });
        this.emitFile({ type: 'asset', fileName: 'bom.cdx.json', source: billOfMaterials(version, packages) });
      },
    },
  };
}
