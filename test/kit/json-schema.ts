/** The keywords of JSON schema that archc.schema.json uses. */
interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly propertyNames?: Schema;
}

const annotations = ['$schema', 'title', 'description'];
const keywords = [
  'type',
  'enum',
  'pattern',
  'minimum',
  'maximum',
  'items',
  'minItems',
  'required',
  'properties',
  'additionalProperties',
  'propertyNames',
];

/** Whether a JSON value is valid according to the JSON Schema specification (draft 7). Throws for a keyword that is not implemented here. */
export function isValid(value: unknown, schema: Schema): boolean {
  for (const keyword of Object.keys(schema))
    if (![...annotations, ...keywords].includes(keyword)) throw new Error(`the keyword ${keyword} is not implemented`);
  const { enum: choices, type, pattern, minimum, maximum, items, minItems = 0 } = schema;
  if (type !== undefined && !isOfType(value, type)) return false;
  if (choices !== undefined && !choices.includes(value)) return false;
  if (typeof value === 'string') return pattern === undefined || new RegExp(pattern, 'u').test(value);
  if (typeof value === 'number') return value >= (minimum ?? value) && value <= (maximum ?? value);
  if (Array.isArray(value)) return value.length >= minItems && (items === undefined || value.every((item) => isValid(item, items)));
  return typeof value !== 'object' || value === null || hasValidMembers(value, schema);
}

function hasValidMembers(value: object, { required = [], properties = {}, additionalProperties, propertyNames }: Schema): boolean {
  if (!required.every((key) => Object.hasOwn(value, key))) return false;
  return Object.entries(value).every(([key, inner]) => {
    if (propertyNames !== undefined && !isValid(key, propertyNames)) return false;
    const own = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (own !== undefined) return isValid(inner, own);
    return additionalProperties === undefined || (additionalProperties !== false && isValid(inner, additionalProperties));
  });
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
