export const noncePlaceholder: string;
export function contentSecurityPolicy(nonce: string): string;
export const isolation: Readonly<Record<string, string>>;
