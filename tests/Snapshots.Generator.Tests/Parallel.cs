// Most of the time goes into compiling, which shares nothing.
[assembly: Parallelizable(ParallelScope.Fixtures)]
