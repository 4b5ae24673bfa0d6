using Containerd.Snapshots.Tests.Hostile.Fixtures;

namespace Containerd.Snapshots.Tests.Hostile.Fuzz;

/// <summary>
/// Inputs at random. SNAPSHOTS_HOSTILE_INPUTS says how many, SNAPSHOTS_HOSTILE_SEED and SNAPSHOTS_HOSTILE_FIRST which: a
/// failure names them, and with one input it can be repeated alone.
/// </summary>
internal sealed class FuzzTests : HostileTest
{
    // In kB, for what stays: buffers, and the stacks of threads that are kept for a while.
    private const int Kept = 8 << 10;

    // A server gives memory back half a minute after it has become idle, and .NET its threads about as late.
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(2);

    private const int DefaultSeed = 20240613, DefaultInputs = 20_000, Round = 2000;

    [Test]
    public async Task Whatever_is_sent_to_it_the_server_lives_and_answers_others()
    {
        var (seed, first, inputs) = (Number("SEED", DefaultSeed), Number("FIRST", 0), Number("INPUTS", DefaultInputs));
        var fuzz = new FuzzRun(Server, (int)seed);
        for (var number = first; number < first + inputs; number += Round)
            await fuzz.SendAsync(number, Math.Min(number + Round, first + inputs));

        await TestContext.Out.WriteLineAsync($"Seed {seed}, {inputs} inputs from {first}.\n{fuzz.Endings}");
        if (inputs >= Round)
            Assert.That(fuzz.Done, Is.GreaterThan(inputs / 20), "inputs that got as far as the snapshotter and were done");

        await Eventually.TrueAsync(
            () => Task.FromResult(Server.Footprint().Memory <= Before.Memory + Kept), $"memory is back where it was, at {Before.Memory} kB", IdleTime);
    }

    private static long Number(string name, long otherwise) =>
        long.TryParse(Environment.GetEnvironmentVariable($"SNAPSHOTS_HOSTILE_{name}"), out var number) ? number : otherwise;
}
