using Containerd.Snapshots.Tests.Hostile.Fixtures;

namespace Containerd.Snapshots.Tests.Hostile.Fuzz;

/// <summary>
/// Random inputs. SNAPSHOTS_HOSTILE_INPUTS sets their number, SNAPSHOTS_HOSTILE_SEED and SNAPSHOTS_HOSTILE_FIRST select
/// them. A failure names all three, so that one input can be repeated alone.
/// </summary>
internal sealed class FuzzTests : HostileTest
{
    // In kB, for buffers and for the stacks of threads that stay for a while.
    private const int Kept = 8 << 10;

    // A server returns memory half a minute after it has become idle; .NET ends idle threads about as late.
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(2);

    private const int DefaultSeed = 20240613, DefaultInputs = 20_000, Round = 2000;

    [Test]
    public async Task The_server_survives_all_inputs_and_answers_others()
    {
        var (seed, first, inputs) = (Number("SEED", DefaultSeed), Number("FIRST", 0), Number("INPUTS", DefaultInputs));
        var fuzz = new FuzzRun(Server, (int)seed);
        for (var number = first; number < first + inputs; number += Round)
            await fuzz.SendAsync(number, Math.Min(number + Round, first + inputs));

        await TestContext.Out.WriteLineAsync($"Seed {seed}, {inputs} inputs from {first}.\n{fuzz.Endings}");
        if (inputs >= Round)
            Assert.That(fuzz.Done, Is.GreaterThan(inputs / 20), "inputs that reached the snapshotter and succeeded");

        await Eventually.TrueAsync(
            () => Task.FromResult(Server.Footprint().Memory <= Before.Memory + Kept), $"memory is back where it was, at {Before.Memory} kB", IdleTime);
    }

    private static long Number(string name, long otherwise) =>
        long.TryParse(Environment.GetEnvironmentVariable($"SNAPSHOTS_HOSTILE_{name}"), out var number) ? number : otherwise;
}
