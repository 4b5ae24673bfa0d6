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

    [GlobalSetup]
    public void SetUp() => _project = new(Mistake);

    [Benchmark]
    public int Offer() => _project.Offer();
}
