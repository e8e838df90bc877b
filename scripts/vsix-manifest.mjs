// The two XML files that make a zip file an extension for VS Code.

/** What a file is, by its ending. */
const types = {
  cjs: 'application/javascript',
  js: 'application/javascript',
  json: 'application/json',
  md: 'text/markdown',
  txt: 'text/plain',
  png: 'image/png',
  svg: 'image/svg+xml',
  css: 'text/css',
  arch: 'text/plain',
  vsixmanifest: 'text/xml',
};

export function contentTypes(paths) {
  const endings = [...new Set([...paths.map((path) => path.slice(path.lastIndexOf('.') + 1)), 'vsixmanifest'])].sort();
  const unknown = endings.filter((ending) => types[ending] === undefined);
  if (unknown.length > 0) throw new Error(`scripts/vsix-manifest.mjs has no type for .${unknown.join(', .')}`);
  return `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
${endings.map((ending) => `  <Default Extension=".${ending}" ContentType="${types[ending]}"/>`).join('\n')}
</Types>
`;
}

/** The description of the extension that VS Code and the marketplace read before its package.json. */
export function vsixManifest(manifest, paths) {
  const { name, displayName, description, version, publisher, categories, keywords, engines, extensionKind, icon, galleryBanner } =
    manifest;
  const property = (id, value) => `      <Property Id="Microsoft.VisualStudio.${id}" Value="${escaped(value)}"/>`;
  const asset = (type, path) => `    <Asset Type="Microsoft.VisualStudio.${type}" Path="extension/${escaped(path)}" Addressable="true"/>`;
  const missing = ['package.json', 'README.md', 'LICENSE.txt', icon].filter((path) => !paths.includes(path));
  if (missing.length > 0) throw new Error(`the extension lacks ${missing.join(', ')}`);
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011" xmlns:d="http://schemas.microsoft.com/developer/vsx-schema-design/2011">
  <Metadata>
    <Identity Language="en-US" Id="${escaped(name)}" Version="${escaped(version)}" Publisher="${escaped(publisher)}"/>
    <DisplayName>${escaped(displayName)}</DisplayName>
    <Description xml:space="preserve">${escaped(description)}</Description>
    <Tags>${escaped([...keywords, 'snippet', 'keybindings', 'json', '__ext_arch', '__web_extension'].join(','))}</Tags>
    <Categories>${escaped(categories.join(','))}</Categories>
    <GalleryFlags>Public</GalleryFlags>
    <Properties>
${property('Code.Engine', engines.vscode)}
${property('Code.ExtensionDependencies', '')}
${property('Code.ExtensionPack', '')}
${property('Code.ExtensionKind', [...extensionKind, 'web'].join(','))}
${property('Code.LocalizedLanguages', '')}
${property('Code.EnabledApiProposals', '')}
${property('Code.ExecutesCode', 'true')}
${property('Services.Branding.Color', galleryBanner.color)}
${property('Services.Branding.Theme', galleryBanner.theme)}
${property('Services.GitHubFlavoredMarkdown', 'true')}
${property('Services.Content.Pricing', 'Free')}
    </Properties>
    <License>extension/LICENSE.txt</License>
    <Icon>extension/${escaped(icon)}</Icon>
  </Metadata>
  <Installation>
    <InstallationTarget Id="Microsoft.VisualStudio.Code"/>
  </Installation>
  <Dependencies/>
  <Assets>
${asset('Code.Manifest', 'package.json')}
${asset('Services.Content.Details', 'README.md')}
${asset('Services.Content.License', 'LICENSE.txt')}
${asset('Services.Icons.Default', icon)}
  </Assets>
</PackageManifest>
`;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
