using Xunit.Sdk;
using Xunit.v3;

// libtorch's default generator and thread count belong to the process: tests take turns.
[assembly: Parallelization(Mode = ParallelMode.None)]
