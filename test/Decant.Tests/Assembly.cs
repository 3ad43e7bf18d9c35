// libtorch's default generator and thread count belong to the process: tests take turns.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
