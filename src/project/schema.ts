import { buildKeys, buildName, keys } from './keys.js';

/** The JSON schema of project files, for editors: `archc.schema.json` in the package. */
export function projectSchema(): object {
  const properties = buildKeys.map((key) => {
    const { form, help } = keys[key];
    return [key, { description: help.replaceAll('`', ''), ...(form?.schema ?? { type: 'object' }) }] as const;
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'archc.json',
    description: 'The models of a project and how archc builds them. Paths are relative to the file.',
    type: 'object',
    required: ['builds'],
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      builds: {
        description: 'The builds by their names.',
        type: 'object',
        propertyNames: { pattern: buildName },
        additionalProperties: {
          type: 'object',
          required: ['model'],
          additionalProperties: false,
          properties: Object.fromEntries(properties),
        },
      },
    },
  };
}
