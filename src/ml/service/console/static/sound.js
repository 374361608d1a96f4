// From the microphone to a WAV file, which every version of the service reads.

const RATE = 22050;

/** Record until told to stop. Gives what stops it and a promise of the file. */
export async function recording(longestMs = 15000) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const recorder = new MediaRecorder(stream);
  const parts = [];
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  const ended = new Promise((resolve) => recorder.addEventListener("stop", resolve, { once: true }));
  recorder.start();
  const stop = () => recorder.state === "inactive" || recorder.stop();
  const timer = setTimeout(stop, longestMs);
  const file = ended.then(async () => {
    clearTimeout(timer);
    stream.getTracks().forEach((track) => track.stop());
    return wav(await decoded(await new Blob(parts).arrayBuffer()));
  });
  return { stop, file };
}

async function decoded(bytes) {
  const context = new OfflineAudioContext(1, 1, RATE);
  return (await context.decodeAudioData(bytes)).getChannelData(0);
}

/** Write samples as a file of 16 bits, one channel. */
function wav(samples) {
  const view = new DataView(new ArrayBuffer(44 + 2 * samples.length));
  const text = (place, letters) => [...letters].forEach((each, i) => view.setUint8(place + i, each.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + 2 * samples.length, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, 2 * RATE, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((each, i) => view.setInt16(44 + 2 * i, Math.max(-1, Math.min(1, each)) * 32767, true));
  return new File([view.buffer], "recording.wav", { type: "audio/wav" });
}
