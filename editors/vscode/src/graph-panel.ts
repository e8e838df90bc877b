import * as vscode from 'vscode';

/** Shows a picture beside the editor. The page runs no scripts and loads nothing. */
export function openGraph(title: string, svg: string): void {
  const panel = vscode.window.createWebviewPanel(
    'archc.graph',
    `Graph of ${title}`,
    { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
    { enableScripts: false, localResourceRoots: [] },
  );
  panel.webview.html = pageOf(svg);
}

/** The picture as an image, in which nothing of it can act. */
function pageOf(svg: string): string {
  const source = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"></head>
<body><img src="${source.replaceAll("'", '%27')}" alt="The graph of the model"></body>
</html>`;
}
