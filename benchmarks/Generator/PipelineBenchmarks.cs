using BenchmarkDotNet.Attributes;
using Containerd.Snapshots.Benchmarks.Generator.Projects;

namespace Containerd.Snapshots.Benchmarks.Generator;

/// <summary>The time that an author waits after an edit.</summary>
[MemoryDiagnoser]
public class PipelineBenchmarks
{
    private EditedProject _project = null!;

    [ParamsAllValues]
    public Edit Edit { get; set; }

    [Params(1, 20, 200)]
    public int Snapshotters { get; set; }

    [GlobalSetup]
    public void SetUp() => _project = new(Snapshotters, Edit);

    [Benchmark]
    public object Generator() => _project.Generate();

    [Benchmark]
    public object Analyzers() => _project.Analyze();

    [Benchmark]
    public object Compiler() => _project.Compile();
}
