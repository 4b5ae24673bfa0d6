namespace Containerd.Snapshots.Tests.Model;

/// <summary>
/// Compares a target with the model. The exception describes the difference, so that a shrunk history shows it.
/// </summary>
public static class Comparison
{
    private static readonly Operation Everything = new Operation.List("");

    /// <summary>Runs a history on both and compares each answer.</summary>
    public static async Task AssertSameInSequenceAsync(ITarget target, IEnumerable<Operation> history)
    {
        var model = new ModelSnapshots();
        foreach (var operation in history.Append(Everything))
        {
            var expected = model.Run(operation);
            var actual = await target.RunAsync(operation);
            if (actual != expected)
                throw new DifferenceException($"{operation}\nexpected: {expected}\nanswered: {actual}");
        }
    }

    /// <summary>
    /// Runs calls one by one, then others at the same time. The answers of the latter, and the snapshots afterwards,
    /// must be those of the same calls in some order.
    /// </summary>
    public static async Task AssertSameAtOnceAsync(ITarget target, IReadOnlyList<Operation> before, IReadOnlyList<Operation> atOnce)
    {
        var model = new ModelSnapshots();
        foreach (var operation in before)
        {
            model.Run(operation);
            await target.RunAsync(operation);
        }

        using var start = new Barrier(atOnce.Count);
        var answers = await Task.WhenAll(atOnce.Select(operation => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return target.RunAsync(operation);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));
        var after = await target.RunAsync(Everything);

        if (!CanBeOrdered(model, [.. atOnce.Zip(answers)], after))
        {
            var calls = atOnce.Zip(answers).Select(call => $"{call.First}: {call.Second}");
            throw new DifferenceException($"No order gives these answers:\n{string.Join('\n', calls)}\nand then: {after}");
        }
    }

    private static bool CanBeOrdered(ModelSnapshots model, IReadOnlyList<(Operation Operation, string Answer)> calls, string after)
    {
        if (calls.Count == 0)
            return model.Run(Everything) == after;

        for (var i = 0; i < calls.Count; i++)
        {
            var next = model.Copy();
            if (next.Run(calls[i].Operation) == calls[i].Answer && CanBeOrdered(next, [.. calls.Where((_, index) => index != i)], after))
                return true;
        }

        return false;
    }
}

/// <summary>A target's answer differs from the model's.</summary>
public sealed class DifferenceException(string message) : Exception(message);
