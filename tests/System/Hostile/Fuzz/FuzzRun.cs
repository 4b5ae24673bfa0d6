using Containerd.Snapshots.Tests.Hostile.Fixtures;
using Containerd.Snapshots.Tests.Hostile.Http2;
using Containerd.Snapshots.Tests.Hostile.Inputs;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Hostile.Fuzz;

/// <summary>Sends the inputs of a seed, round by round, on several connections; checks the server after each round.</summary>
internal sealed class FuzzRun(Server server, int seed)
{
    private const int Lanes = 4, InFlight = 32;

    private readonly InputSource _source = new(seed);
    private readonly Dictionary<(string Kind, Ending Ending), int> _endings = [];

    /// <summary>How the inputs ended, as text.</summary>
    public string Endings => string.Join('\n', _endings
        .GroupBy(each => each.Key.Kind)
        .OrderBy(kind => kind.Key, StringComparer.Ordinal)
        .Select(kind => $"{kind.Key}: {string.Join(", ", kind.OrderByDescending(each => each.Value).Select(each => $"{each.Key.Ending} {each.Value}"))}"));

    /// <summary>The number of calls that succeeded.</summary>
    public int Done => _endings.Where(each => each.Key.Ending == Ending.Status(StatusCode.OK)).Sum(each => each.Value);

    /// <summary>Sends one round of inputs.</summary>
    public async Task SendAsync(long from, long to)
    {
        try
        {
            var next = from - InFlight;
            await Task.WhenAll(Enumerable.Range(0, Lanes).Select(_ => Task.Run(async () =>
            {
                await using var lane = new Lane(server.SocketPath);
                for (long start; (start = Interlocked.Add(ref next, InFlight)) < to;)
                    await SendAsync(lane, start, Math.Min(start + InFlight, to));
            })));
            await server.AssertAnswersAsync();
            await server.SweepAsync();
            Assert.That(server.Log.Flaws, Is.Empty, "the server's log");
        }
        catch
        {
            // Printed here: NUnit shows only the message of the inner assertion.
            await TestContext.Out.WriteLineAsync($"Failed in the round {Where(from, to)}");
            throw;
        }
    }

    private async Task SendAsync(Lane lane, long from, long to)
    {
        var inputs = new List<Input>();
        for (var number = from; number < to; number++)
            inputs.Add(_source[number]);

        try
        {
            var endings = await lane.SendAsync(inputs);
            for (var i = 0; i < inputs.Count; i++)
                AssertEnding(inputs[i], endings[i], from + i);
        }
        catch (Exception exception) when (exception is not AssertionException)
        {
            throw new AssertionException($"{Where(from, to)}: {exception.Message}", exception);
        }
    }

    private void AssertEnding(Input input, Ending ending, long number)
    {
        if (input.Expected is { } expected && ending != expected)
            throw new AssertionException($"{Where(number, number + 1)}, {input.Kind}: {ending}, not {expected}");

        lock (_endings)
            _endings[(input.Kind, ending)] = _endings.GetValueOrDefault((input.Kind, ending)) + 1;
    }

    private string Where(long from, long to) => $"SNAPSHOTS_HOSTILE_SEED={seed} SNAPSHOTS_HOSTILE_FIRST={from} SNAPSHOTS_HOSTILE_INPUTS={to - from}";
}
