using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Containerd.Snapshots.Benchmarks.Generator;
using Perfolizer.Horology;

// In this process, so that nothing is restored or built and no network is needed. The toolchain's own limit of five
// minutes is short for a busy machine.
var job = Job.Default
    .WithToolchain(new InProcessEmitToolchain(timeout: TimeSpan.FromHours(1), logOutput: true))
    .WithWarmupCount(1)
    .WithIterationCount(5)
    .WithIterationTime(TimeInterval.FromMilliseconds(250));

var config = DefaultConfig.Instance.AddJob(job).WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "results"));
var edits = BenchmarkRunner.Run<PipelineBenchmarks>(config, args);
var fixes = BenchmarkRunner.Run<FixBenchmarks>(config, args);
Console.WriteLine(PipelineTable.Of(edits));
Console.WriteLine(FixTable.Of(fixes));
