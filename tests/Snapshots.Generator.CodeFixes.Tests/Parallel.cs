// Compiling is what takes time here, and shares nothing.
[assembly: Parallelizable(ParallelScope.Fixtures)]
