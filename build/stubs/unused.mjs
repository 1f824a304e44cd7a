/** Stands for what dockerode loads for BuildKit sessions (gRPC, protobuf: 10 MB at rest), which Towline never opens. */
export default new Proxy(
  {},
  {
    get() {
      throw new Error('BuildKit sessions are not part of Towline');
    },
  },
);
