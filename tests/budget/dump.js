/**
 * Compiles the WGSL on stdin, entry point as the argument, with Dawn's toggle `dump_shaders`, which
 * prints the SPIR-V that Tint made of it on stdout. A process of its own, so that there is one
 * module in that output, and so that the Vulkan driver can be chosen by its environment.
 */
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { create } from 'webgpu';

// As src/cli/dawn.ts opens it.
const gpu = create(['enable-dawn-features=dump_shaders,disable_workgroup_init']);
const adapter = await gpu.requestAdapter();
const requiredFeatures = ['subgroups'].filter((name) => adapter.features.has(name));
const device = await adapter.requestDevice({ requiredFeatures });
const module = device.createShaderModule({ code: await text(process.stdin) });
const { messages } = await module.getCompilationInfo();
for (const { lineNum, message, type } of messages) {
  if (type === 'error') process.stderr.write(`line ${lineNum}: ${message}\n`);
}
await device.createComputePipelineAsync({
  layout: 'auto',
  compute: { module, entryPoint: process.argv[2] },
});
// Without this Node waits for Dawn for ever.
process.exit();
