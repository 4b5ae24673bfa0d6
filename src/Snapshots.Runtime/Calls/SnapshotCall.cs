using System.Buffers;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Containerd.Snapshots.Runtime.Calls;
using Containerd.Snapshots.Runtime.Errors;
using Containerd.Snapshots.Runtime.Insight;
using Containerd.Snapshots.Runtime.Wire;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>
/// One call from containerd: its arguments and its outcome. For emitted code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class SnapshotCall : IObservedCall
{
    private const uint SnapshotterTag = (1 << 3) | WireMessage.Bytes;

    private HttpContext? _http;
    private RunningCall? _running;
    private SnapshotContext? _context;

    private protected SnapshotCall()
    {
    }

    /// <summary>Information about the call besides its arguments.</summary>
    public SnapshotContext Context => _context ??= CallContext.Read(_http!, Running, Snapshotter);

    /// <summary>Canceled when the caller disconnects, the caller cancels the call, or the call times out.</summary>
    public CancellationToken CancellationToken => Running.CancellationToken;

    /// <summary>Returns the member that answers the call in the place of its snapshotter.</summary>
    /// <typeparam name="T">The member's type.</typeparam>
    /// <param name="part">The member's value.</param>
    /// <param name="member">The member's name.</param>
    /// <exception cref="SnapshotterException">Internal: the value is null.</exception>
    public T Part<T>(T? part, string member) => NotNull(part, member);

    /// <summary>The call's state in the server.</summary>
    internal RunningCall Running => _running!;

    /// <summary>The call's name in snapshotters: <c>Walk</c>, not <c>List</c>.</summary>
    internal abstract string CallName { get; }

    /// <summary>The name of the called plugin.</summary>
    internal string Snapshotter { get; private set; } = "";

    /// <summary>The key or name in the request; empty for Walk and Cleanup.</summary>
    internal virtual string Subject => "";

    /// <summary>Why the request cannot be decoded; null if it can.</summary>
    internal string? Malformed { get; private set; }

    /// <summary>The call's outcome; success until it fails.</summary>
    internal SnapshotResult Outcome { get; private set; }

    /// <summary>The exception that failed the call, or null.</summary>
    internal Exception? Cause { get; private set; }

    /// <summary>Whether the caller canceled the call, or the call timed out.</summary>
    internal bool IsCanceled => Running.IsCanceled;

    string IObservedCall.CallName => CallName;

    string IObservedCall.Method => Running.Method.FullName;

    string IObservedCall.Subject => Subject;

    long IObservedCall.Started => Running.Started;

    SnapshotResult IObservedCall.Outcome => Outcome;

    Exception? IObservedCall.Cause => Cause;

    bool IObservedCall.IsCanceled => IsCanceled;

    /// <summary>Attaches the call to its HTTP request.</summary>
    internal void Attach(HttpContext http)
    {
        _http = http;
        _running = http.Features.GetRequiredFeature<RunningCall>();
    }

    /// <summary>Reads the request. A decoding error goes to <see cref="Malformed"/>.</summary>
    internal void Read(ReadOnlySequence<byte> request)
    {
        if (!Request.TryRead(this, request, out var flaw))
            Malformed = flaw;
    }

    /// <summary>Checks the request before a snapshotter receives it.</summary>
    internal virtual SnapshotResult Check() => SnapshotResult.Success;

    /// <summary>Lets a snapshotter answer the call.</summary>
    internal abstract ValueTask AnswerAsync(SnapshotterService service);

    /// <summary>Writes the response.</summary>
    internal virtual void Write(WireWriter output)
    {
    }

    internal void Fail(SnapshotResult failure) => Outcome = failure;

    internal void Fail(Exception exception)
    {
        Cause = exception;
        Fail(ErrorTranslation.ToFailure(exception, IsCanceled, Running.IsTimedOut));
    }

    /// <summary>Returns the value of a fallback.</summary>
    internal static T NotNull<T>(T? part, string member) => part
        ?? throw new SnapshotterException(SnapshotterError.Internal, $"the snapshotter's fallback {member} is null");

    /// <summary>Reads a field of the request, or skips it. Field 1 is the snapshotter's name in all requests.</summary>
    private protected virtual void ReadField(uint tag, ref ParseContext input)
    {
        if (tag == SnapshotterTag)
            Snapshotter = input.ReadString();
        else
            WireMessage.Skip(tag, ref input);
    }

    /// <summary>Fails because the snapshotter's method returned null, which its declaration does not allow.</summary>
    private protected ValueTask FailOnNull()
    {
        Fail(SnapshotResult.Failure(SnapshotterError.Internal, $"the snapshotter's {CallName} returned null, which its declaration does not allow"));
        return default;
    }

    // A separate class, because a public class would show the parser's interfaces. Reading does not wait, so one object
    // for each thread is enough.
    private sealed class Request : WireMessage
    {
        [ThreadStatic]
        private static Request? _ofThread;

        private SnapshotCall? _call;

        public static bool TryRead(SnapshotCall call, ReadOnlySequence<byte> bytes, [NotNullWhen(false)] out string? flaw)
        {
            var request = _ofThread ??= new();
            request._call = call;
            var isRead = request.TryRead(bytes, out flaw);
            request._call = null;
            return isRead;
        }

        public override void ReadField(uint tag, ref ParseContext input) => _call!.ReadField(tag, ref input);
    }
}
