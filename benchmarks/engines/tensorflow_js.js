// MobileNet v1 1.0 in TensorFlow.js with WebAssembly: answers each line with one inference.
// Random weights: the time does not depend on them.
const readline = require('readline');
const path = require('path');

async function main() {
  const from = (name) => require(require.resolve(name, { paths: [process.cwd()] }));
  const tf = from('@tensorflow/tfjs');
  const wasm = from('@tensorflow/tfjs-backend-wasm');
  const folder = path.dirname(
    require.resolve('@tensorflow/tfjs-backend-wasm', { paths: [process.cwd()] }));
  wasm.setWasmPaths(folder + path.sep);
  await tf.setBackend('wasm');
  await tf.ready();
  const input = tf.input({ shape: [224, 224, 3] });
  const conv = (x, filters, stride) => tf.layers.reLU({ maxValue: 6 }).apply(
    tf.layers.conv2d({ filters, kernelSize: 3, strides: stride, padding: 'same' }).apply(x));
  let x = conv(input, 32, 2);
  const widths = [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024];
  widths.forEach((filters, index) => {
    const strides = [1, 3, 5, 11].includes(index) ? 2 : 1;
    x = tf.layers.depthwiseConv2d({ kernelSize: 3, strides, padding: 'same' }).apply(x);
    x = tf.layers.reLU({ maxValue: 6 }).apply(x);
    x = tf.layers.conv2d({ filters, kernelSize: 1 }).apply(x);
    x = tf.layers.reLU({ maxValue: 6 }).apply(x);
  });
  const logits = tf.layers.dense({ units: 1000 }).apply(
    tf.layers.globalAveragePooling2d({}).apply(x));
  const model = tf.model({ inputs: input, outputs: [x, logits] });
  const picture = tf.randomUniform([224, 224, 3], 0, 255, 'int32');
  const infer = () => tf.tidy(() => {
    const outputs = model.predict(picture.toFloat().mul(2 / 255).sub(1).expandDims());
    return outputs.map((t) => t.dataSync().length);
  });
  infer();
  console.log('ready');
  readline.createInterface({ input: process.stdin }).on('line', () => console.log(infer()[0]));
}

main().catch((error) => { console.log('missing'); console.error(error.message); process.exit(1); });
