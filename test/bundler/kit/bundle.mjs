// Runs one bundler in the current folder, as a program of its own: `node bundle.mjs vite '[{"name": "server", "entry": "src/main.js", ...}]'`. Prints what it did as JSON lines.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [, , bundler, list] = process.argv;
const { default: archc } = await import(`archc/${bundler}`);

/** What is not part of a library. */
const packages = /^(?:archc|onnxruntime)/;

/** Each ends with the build; those that watch end once watching has begun. */
const bundlers = {
  async rollup(job) {
    const { rollup, watch } = await import('rollup');
    const input = { input: job.entry, external: packages, plugins: [job.plugin], onwarn: ({ message }) => job.say({ warning: message }) };
    const output = job.commonjs ? { dir: job.folder, format: 'cjs', entryFileNames: '[name].cjs' } : { dir: job.folder, format: 'es' };
    if (job.watch) return job.follow(watch({ ...input, output }));
    const bundle = await rollup(input);
    await bundle.write(output);
    job.built();
  },
  async rolldown(job) {
    const { rolldown, watch } = await import('rolldown');
    const input = { input: job.entry, external: packages, plugins: [job.plugin], onLog: (_, { message }) => job.say({ warning: message }) };
    const output = job.commonjs ? { dir: job.folder, format: 'cjs', entryFileNames: '[name].cjs' } : { dir: job.folder };
    if (job.watch) return job.follow(watch({ ...input, output }));
    const bundle = await rolldown(input);
    await bundle.write(output);
    await bundle.close();
    job.built();
  },
  async vite(job) {
    const { build, createLogger } = await import('vite');
    const ofSide = job.library
      ? { lib: { entry: job.entry, formats: ['es'], fileName: 'library' }, rolldownOptions: { external: packages } }
      : job.side === 'server'
        ? { ssr: job.entry, ...(job.commonjs ? { rolldownOptions: { output: { format: 'cjs', entryFileNames: '[name].cjs' } } } : {}) }
        : { rolldownOptions: { input: job.entry } };
    const customLogger = { ...createLogger('silent'), warn: (message) => job.say({ warning: message }) };
    const result = await build({
      configFile: false,
      customLogger,
      logLevel: 'silent',
      plugins: [job.plugin],
      ...(job.base === undefined ? {} : { base: job.base }),
      build: { outDir: job.folder, minify: false, chunkSizeWarningLimit: 10_000, ...ofSide, ...(job.watch ? { watch: {} } : {}) },
    });
    if (job.watch) job.follow(result);
    else job.built();
  },
  async webpack(job) {
    const { default: webpack } = await import('webpack');
    await runCompiler(webpack, job);
  },
  async rspack(job) {
    const { rspack } = await import('@rspack/core');
    await runCompiler(rspack, job);
  },
  async esbuild(job) {
    const { build, context } = await import('esbuild');
    const settings = {
      entryPoints: [job.entry],
      bundle: true,
      ...(job.commonjs ? { format: 'cjs', outExtension: { '.js': '.cjs' }, packages: 'external' } : { format: 'esm' }),
      platform: job.side === 'server' ? 'node' : 'browser',
      outdir: job.folder,
      logLevel: 'silent',
      plugins: [job.plugin],
      ...(job.base === undefined ? {} : { publicPath: job.base }),
      ...(job.library ? { packages: 'external' } : {}),
    };
    if (!job.watch) {
      await build(settings);
      return job.built();
    }
    const report = {
      name: 'report',
      setup: ({ onEnd }) => onEnd(({ errors }) => (errors.length > 0 ? job.failed(errors.map(plainEsbuildError)) : job.built())),
    };
    await (await context({ ...settings, plugins: [job.plugin, report] })).watch({ delay: 0 });
  },
};

function runCompiler(make, job) {
  const isModule = !job.commonjs && (job.side === 'server' || job.library);
  const compiler = make({
    mode: 'development',
    devtool: false,
    entry: resolve(job.entry),
    target: job.side === 'server' ? 'node' : 'web',
    output: {
      path: job.folder,
      filename: job.commonjs ? '[name].cjs' : '[name].js',
      ...(job.base === undefined ? {} : { publicPath: job.base }),
      ...(isModule ? { module: true, library: { type: 'module' }, chunkFormat: 'module' } : {}),
    },
    ...(isModule ? { experiments: { outputModule: true } } : {}),
    ...(job.library ? { externals: [/^archc\//], externalsType: 'module' } : {}),
    plugins: [job.plugin],
  });
  const report = (error, stats) => {
    if (error) return job.failed([{ message: error.message }]);
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
    for (const { message } of warnings) job.say({ warning: message });
    if (errors.length === 0) return job.built();
    job.failed(
      errors.map(({ message, loc, file }) => {
        const [line, column] =
          /^(\d+):(\d+)/
            .exec(loc ?? '')
            ?.slice(1)
            .map(Number) ?? [];
        return { message, file, line, column };
      }),
    );
  };
  if (job.watch) {
    compiler.watch({ aggregateTimeout: 20 }, report);
    return undefined;
  }
  return new Promise((done) => {
    compiler.run((error, stats) => {
      report(error, stats);
      compiler.close(() => done());
    });
  });
}

function plainEsbuildError({ text, location, notes }) {
  const frame = notes.map((note) => note.text).join('\n');
  return { message: text, file: location?.file, line: location?.line, column: location?.column, frame };
}

function plainErrors(error) {
  if (bundler === 'esbuild') return (error.errors ?? []).map(plainEsbuildError);
  return (error.errors ?? [error]).map(({ message, loc, frame, stack }) => {
    return { message, file: loc?.file, line: loc?.line, column: loc?.column, frame, stack };
  });
}

/** A job with ways to tell what became of it. */
function jobOf({ name, out, options, ...job }) {
  const folder = resolve(out);
  const say = (value) => {
    // How long plugins take depends on what else the machine does.
    if (!value.warning?.includes('PLUGIN_TIMINGS')) console.log(JSON.stringify({ job: name, ...value }));
  };
  const failed = (errors) => say({ errors });
  const built = () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    say({ built: files.map((file) => join(file.parentPath, file.name).slice(folder.length + 1)).sort() });
  };
  // Rollup and Rolldown do not know for which side they build.
  const isNamed = job.side === 'server' && (bundler === 'rollup' || bundler === 'rolldown');
  const follow = (watcher) =>
    watcher.on('event', async ({ code, error, result }) => {
      if (code === 'ERROR') failed(plainErrors(error));
      if (code !== 'BUNDLE_END') return;
      await result?.close();
      built();
    });
  return { ...job, folder, say, failed, built, follow, plugin: archc({ ...options, ...(isNamed ? { environment: 'server' } : {}) }) };
}

for (const given of JSON.parse(list)) {
  const job = jobOf(given);
  try {
    await bundlers[bundler](job);
  } catch (error) {
    job.failed(plainErrors(error));
  }
}
