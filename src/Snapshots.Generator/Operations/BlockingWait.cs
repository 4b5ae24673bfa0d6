using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Operations;

/// <summary>An operation that blocks its thread until something happens.</summary>
/// <param name="Better">What to write instead.</param>
/// <param name="Task">The task that it waits for; null if it waits for something else.</param>
/// <param name="Async">The method of the same type, with the same arguments, that does not block; null if there is none.</param>
internal sealed record BlockingWait(string Better, IOperation? Task = null, string? Async = null)
{
    private const string AwaitTask = "await the task in an async method";
    private const string AwaitSignal = "await a SemaphoreSlim or a TaskCompletionSource in an async method";

    // Only a type and a member together say that an operation blocks.
    private static readonly ILookup<string, Member> Members = new Member[]
    {
        new("System.Threading.Tasks.Task", "Wait", AwaitTask),
        new("System.Threading.Tasks.Task", "Result", AwaitTask),
        new("System.Threading.Tasks.ValueTask", "Result", AwaitTask),
        new("System.Runtime.CompilerServices.TaskAwaiter", "GetResult", AwaitTask),
        new("System.Runtime.CompilerServices.ValueTaskAwaiter", "GetResult", AwaitTask),
        new("System.Runtime.CompilerServices.ConfiguredTaskAwaiter", "GetResult", AwaitTask),
        new("System.Runtime.CompilerServices.ConfiguredValueTaskAwaiter", "GetResult", AwaitTask),
        new("System.Threading.Tasks.Task", "WaitAll", "await Task.WhenAll in an async method", "WhenAll"),
        new("System.Threading.Tasks.Task", "WaitAny", "await Task.WhenAny in an async method", "WhenAny"),
        new("System.Threading.Tasks.TaskAsyncEnumerableExtensions", "ToBlockingEnumerable", "use 'await foreach' in an async method"),
        new("System.Threading.Thread", "Sleep", "await Task.Delay in an async method"),
        new("System.Threading.SpinWait", "SpinUntil", "await Task.Delay in an async method"),
        new("System.Threading.Thread", "Join", "run the work as a task, and await it in an async method"),
        new("System.Threading.SemaphoreSlim", "Wait", "await WaitAsync in an async method", "WaitAsync"),
        new("System.Threading.ManualResetEventSlim", "Wait", AwaitSignal),
        new("System.Threading.CountdownEvent", "Wait", AwaitSignal),
        new("System.Threading.Barrier", "SignalAndWait", AwaitSignal),
        new("System.Threading.Monitor", "Wait", AwaitSignal),
        new("System.Threading.WaitHandle", "WaitOne", AwaitSignal),
        new("System.Threading.WaitHandle", "WaitAll", AwaitSignal),
        new("System.Threading.WaitHandle", "WaitAny", AwaitSignal),
        new("System.Threading.WaitHandle", "SignalAndWait", AwaitSignal),
        new("System.Collections.Concurrent.BlockingCollection", "Take", "await the reader of a Channel in an async method"),
        new("System.Collections.Concurrent.BlockingCollection", "GetConsumingEnumerable", "use 'await foreach' on a Channel in an async method"),
        new("System.Diagnostics.Process", "WaitForExit", "await WaitForExitAsync in an async method", "WaitForExitAsync"),
        new("System.Net.Http.HttpClient", "Send", "await SendAsync in an async method", "SendAsync"),
    }.ToLookup(each => each.Name);

    /// <summary>The wait that an operation is, or null.</summary>
    public static BlockingWait? Of(IOperation operation) => operation switch
    {
        IPropertyReferenceOperation { Instance: { } task } read => Of(read.Property, task),
        IInvocationOperation call when !IsPoll(call) => Of(call.TargetMethod, call.Instance),
        _ => null,
    };

    private static BlockingWait? Of(ISymbol member, IOperation? instance)
    {
        var found = Members[member.Name].FirstOrDefault(each => each.Type == TypeName.Of(member.ContainingType));
        return found.Better is null ? null : new(found.Better, found.Better == AwaitTask ? instance : null, found.Async);
    }

    /// <summary>Whether a wait returns at once, because its timeout is zero. A sleep never does: it gives its turn to other threads.</summary>
    private static bool IsPoll(IInvocationOperation call) => call.TargetMethod.Name != "Sleep" && call.Arguments.Any(each => IsZeroTime(each.Value));

    private static bool IsZeroTime(IOperation value) => value is { ConstantValue: { HasValue: true, Value: 0 or 0L } }
        or IFieldReferenceOperation { Field: { Name: "Zero", ContainingType.Name: "TimeSpan" } };

    private readonly record struct Member(string Type, string Name, string Better, string? Async = null);
}
