using Containerd.Snapshots.Tests.Hostile.Http2;
using Containerd.Snapshots.Tests.Hostile.Inputs;

namespace Containerd.Snapshots.Tests.Hostile.Fixtures;

/// <summary>
/// Sends inputs and waits until each has ended: many calls at once on one connection, and each input that breaks
/// connections on its own.
/// </summary>
internal sealed class Lane(string socketPath) : IAsyncDisposable
{
    // Less than the server buffers unread, even if it has read nothing of earlier inputs.
    private const int MaxBytes = 256 << 10;

    private static readonly byte[] Filler = new byte[2 * FrameWriter.MaxPayload];

    private Http2Connection? _connection;

    /// <summary>Sends all inputs.</summary>
    /// <returns>How each ended, in order.</returns>
    public async Task<Ending[]> SendAsync(IReadOnlyList<Input> inputs)
    {
        var endings = new Ending[inputs.Count];
        var shared = Enumerable.Range(0, inputs.Count).Where(i => inputs[i].Place is Place.Call or Place.GivenUp).ToList();
        for (var done = 0; done < shared.Count;)
            done += await SendSomeAsync(inputs, shared[done..], endings);

        foreach (var i in Enumerable.Range(0, inputs.Count).Except(shared))
            endings[i] = await AloneAsync(inputs[i]);
        return endings;
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
    }

    private async Task<int> SendSomeAsync(IReadOnlyList<Input> inputs, IReadOnlyList<int> which, Ending[] endings)
    {
        _connection ??= await Http2Connection.OpenAsync(socketPath);
        var writer = new FrameWriter();
        var waiting = new List<Task<Ending>>();
        foreach (var i in which.TakeWhile(_ => writer.Written.Length < MaxBytes))
            waiting.Add(Write(_connection, writer, inputs[i]));

        await _connection.SendAsync(writer);
        var ended = await Eventually.Within(Task.WhenAll(waiting));
        for (var i = 0; i < ended.Length; i++)
            endings[which[i]] = ended[i];

        if (ended.Any(ending => ending.IsGone))
            await RepeatAsync(inputs, [.. which.Take(ended.Length).Where(i => endings[i].IsGone)], endings);
        return ended.Length;
    }

    // It is unknown which input ended the connection, and the others may not have been read.
    private async Task RepeatAsync(IReadOnlyList<Input> inputs, IReadOnlyList<int> which, Ending[] endings)
    {
        await DisposeAsync();
        _connection = null;
        foreach (var i in which)
            endings[i] = await AloneAsync(inputs[i]);
    }

    private async Task<Ending> AloneAsync(Input input)
    {
        await using var connection = input.Place == Place.Bytes
            ? await Http2Connection.ConnectAsync(socketPath)
            : await Http2Connection.OpenAsync(socketPath);
        var writer = new FrameWriter();
        var ending = Write(connection, writer, input);
        await connection.SendAsync(writer);
        return await Eventually.Within(ending);
    }

    private static Task<Ending> Write(Http2Connection connection, FrameWriter writer, Input input)
    {
        var stream = connection.NextStream();
        var ending = input.Place is Place.Call or Place.LoneCall ? connection.EndingOf(stream) : null;
        input.Write(writer, stream);
        return ending ?? (input.Place is Place.TornFrames or Place.Bytes ? Fill(connection, writer) : connection.Ping(writer));
    }

    // Completes an unfinished frame. The rest is an invalid frame, which ends the connection.
    private static Task<Ending> Fill(Http2Connection connection, FrameWriter writer)
    {
        writer.Raw(Filler);
        return connection.Ended;
    }
}
