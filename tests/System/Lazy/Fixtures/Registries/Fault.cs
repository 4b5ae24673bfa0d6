namespace Containerd.Snapshots.Tests.Lazy;

/// <summary>Answers a request wrongly.</summary>
internal delegate Task Fault(Exchange exchange);

/// <summary>The faults of <see cref="HostileRegistry"/>.</summary>
internal static class Faults
{
    /// <summary>Answers with a status alone, to the first requests or to all; those after them are answered truthfully.</summary>
    public static Fault Status(int status, int times = int.MaxValue, TimeSpan? retryAfter = null) => exchange =>
        exchange.Attempt < times ? exchange.AnswerAsync(status, retryAfter) : TruthAsync(exchange);

    /// <summary>Ends the connection behind a byte, before the end that was announced, once; the next request is answered by another fault, or truthfully.</summary>
    /// <param name="position">How many bytes are sent.</param>
    /// <param name="next">The other fault; null: truthfully.</param>
    /// <param name="gate">What is waited for before the end; null for nothing.</param>
    public static Fault CutAt(int position, Fault? next = null, Gate? gate = null) => async exchange =>
    {
        if (exchange.Attempt > 0)
        {
            await (next ?? TruthAsync)(exchange);
            return;
        }

        exchange.Begin();
        await exchange.SendAsync(0, position);
        if (gate is not null)
            await gate.PassAsync(exchange.Gone);
    };

    /// <summary>Sends all bytes, one of which is wrong. The archive in it is right up to there.</summary>
    public static Fault WrongByteAt(int position) => async exchange =>
    {
        var wrong = exchange.Content.ToArray();
        wrong[position] ^= 1;
        exchange.Begin();
        await exchange.SendAsync(wrong, 0, wrong.Length);
    };

    /// <summary>Sends all bytes, of which in some answers one is wrong.</summary>
    /// <param name="random">Decides which.</param>
    /// <param name="oneOf">So many answers have one wrong byte, on average.</param>
    /// <param name="flipped">Is told of each.</param>
    public static Fault FlipSometimes(Random random, int oneOf, Action flipped) => async exchange =>
    {
        var bytes = exchange.Content.ToArray();
        lock (random)
        {
            if (random.Next(oneOf) == 0)
            {
                bytes[random.Next(exchange.From, exchange.End)] ^= (byte)(1 << random.Next(8));
                flipped();
            }
        }

        exchange.Begin();
        await exchange.SendAsync(bytes, 0, bytes.Length);
    };

    /// <summary>Stops at a byte until a gate opens, then goes on.</summary>
    public static Fault StopAt(int position, Gate gate) => async exchange =>
    {
        exchange.Begin();
        await exchange.SendAsync(0, position);
        await gate.PassAsync(exchange.Gone);
        await exchange.SendAsync(position, exchange.End);
    };

    /// <summary>The same, and one of the bytes behind it is wrong.</summary>
    public static Fault StopAtAndLie(int position, Gate gate) => async exchange =>
    {
        var wrong = exchange.Content.ToArray();
        wrong[^20] ^= 1;
        exchange.Begin();
        await exchange.SendAsync(wrong, 0, position);
        await gate.PassAsync(exchange.Gone);
        await exchange.SendAsync(wrong, position, wrong.Length);
    };

    /// <summary>Another fault for requests of the whole, and one for requests of parts; null: truthfully.</summary>
    public static Fault Of(Fault? whole = null, Fault? parts = null) => exchange => (exchange.IsWhole ? whole : parts) is { } fault ? fault(exchange) : TruthAsync(exchange);

    /// <summary>Answers nothing until a gate opens.</summary>
    public static Fault Silence(Gate gate) => async exchange =>
    {
        await gate.PassAsync(exchange.Gone);
        await TruthAsync(exchange);
    };

    /// <summary>Sends some bytes in each interval.</summary>
    public static Fault Trickle(int bytes, TimeSpan interval) => async exchange =>
    {
        exchange.Begin();
        for (var position = exchange.From; position < exchange.End; position += bytes)
        {
            await exchange.SendAsync(position, position + bytes);
            await Task.Delay(interval, exchange.Gone);
        }
    };

    /// <summary>Says a smaller length, and sends as much.</summary>
    public static Fault Truncated(int bytes) => async exchange =>
    {
        exchange.Begin(exchange.End - exchange.From - bytes);
        await exchange.SendAsync(0, exchange.End - bytes);
    };

    /// <summary>Says no length, sends all, and goes on for ever.</summary>
    public static Fault Endless { get; } = async exchange =>
    {
        exchange.Begin(length: null);
        await exchange.SendAsync(0, exchange.End);
        while (true)
            await exchange.SendAsync(new byte[16 << 10]);
    };

    /// <summary>Sends a right answer.</summary>
    public static Task TruthAsync(Exchange exchange)
    {
        exchange.Begin();
        return exchange.SendAsync(0, exchange.End);
    }
}

/// <summary>What answers wait for, until a test opens it.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits until an answer is there.</summary>
    public Task ReachedAsync() => Eventually.Within(_reached.Task);

    public void Open() => _opened.TrySetResult();

    public Task PassAsync(CancellationToken cancellationToken)
    {
        _reached.TrySetResult();
        return _opened.Task.WaitAsync(cancellationToken);
    }
}
