using BenchmarkDotNet.Attributes;
using Containerd.Snapshots.Benchmarks.Generator.Projects;

namespace Containerd.Snapshots.Benchmarks.Generator;

/// <summary>The time that an author waits for a fix to be offered: it is made, compiled and compared before.</summary>
[MemoryDiagnoser]
public class FixBenchmarks
{
    private MistakenProject _project = null!;

    [ParamsAllValues]
    public Mistake Mistake { get; set; }

    // An editor runs for hours: the compiler's code is optimized, which takes some seconds of calls here.
    [GlobalSetup]
    public void SetUp()
    {
        _project = new(Mistake);
        for (var call = 0; call < 60; call++)
            _project.Offer();
    }

    [Benchmark]
    public int Offer() => _project.Offer();
}
