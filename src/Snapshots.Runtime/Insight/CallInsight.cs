using System.Diagnostics;
using System.Diagnostics.Metrics;
using Containerd.Snapshots.Runtime.Errors;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Containerd.Snapshots.Runtime.Insight;

/// <summary>
/// What instruments and tracers get to know of calls, named after OpenTelemetry's conventions for RPC (1.45). Where nobody
/// listens, it costs two looks at a field.
/// </summary>
internal sealed class CallInsight : IDisposable
{
    // The convention's own buckets, in seconds.
    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    };

    private readonly ActivitySource _source = new(SnapshotterDiagnostics.Name);
    private readonly Meter _meter = new(SnapshotterDiagnostics.Name);
    private readonly Histogram<double> _duration;

    public CallInsight() => _duration = _meter.CreateHistogram("rpc.server.call.duration", "s", "How long calls took.", tags: null, Buckets);

    /// <summary>Begins the span of a call, joined to that of the caller.</summary>
    /// <returns>Null where no tracer wants it.</returns>
    public Activity? Begin(HttpContext http, IObservedCall call)
    {
        if (!_source.HasListeners())
            return null;

        ActivityContext.TryParse(http.Request.Headers.TraceParent, http.Request.Headers.TraceState, isRemote: true, out var parent);
        return _source.StartActivity(call.Method, ActivityKind.Server, parent, [new("rpc.system.name", "grpc"), new("rpc.method", call.Method)]);
    }

    /// <summary>Ends the span of a call.</summary>
    public static void End(IObservedCall call, Activity activity) =>
        End(activity, ErrorTranslation.ToStatusCode(call.Outcome.Error), call.Outcome.Message);

    /// <summary>Whether anyone wants to know how long calls take.</summary>
    public bool Measures => _duration.Enabled;

    /// <summary>Measures a call that is answered.</summary>
    /// <param name="method">Its service and method, separated by a slash.</param>
    /// <param name="started">When it began, as a timestamp.</param>
    /// <param name="status">Its status.</param>
    public void Measure(string method, long started, StatusCode status)
    {
        var code = NameOf(status);
        var tags = new TagList { { "rpc.system.name", "grpc" }, { "rpc.method", method }, { "rpc.response.status_code", code } };
        if (status != StatusCode.OK)
            tags.Add("error.type", code);

        _duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tags);
    }

    public void Dispose()
    {
        _source.Dispose();
        _meter.Dispose();
    }

    private static void End(Activity activity, StatusCode status, string message)
    {
        activity.SetTag("rpc.response.status_code", NameOf(status));
        if (IsServersFault(status))
        {
            activity.SetTag("error.type", NameOf(status));
            activity.SetStatus(ActivityStatusCode.Error, message);
        }

        activity.Dispose();
    }

    // Those codes that the convention counts as errors of a server.
    private static bool IsServersFault(StatusCode status) => status
        is StatusCode.Unknown or StatusCode.DeadlineExceeded or StatusCode.Unimplemented or StatusCode.Internal or StatusCode.Unavailable or StatusCode.DataLoss;

    private static string NameOf(StatusCode status) => status switch
    {
        StatusCode.OK => "OK",
        StatusCode.Cancelled => "CANCELLED",
        StatusCode.Unknown => "UNKNOWN",
        StatusCode.InvalidArgument => "INVALID_ARGUMENT",
        StatusCode.DeadlineExceeded => "DEADLINE_EXCEEDED",
        StatusCode.NotFound => "NOT_FOUND",
        StatusCode.AlreadyExists => "ALREADY_EXISTS",
        StatusCode.PermissionDenied => "PERMISSION_DENIED",
        StatusCode.ResourceExhausted => "RESOURCE_EXHAUSTED",
        StatusCode.FailedPrecondition => "FAILED_PRECONDITION",
        StatusCode.Aborted => "ABORTED",
        StatusCode.OutOfRange => "OUT_OF_RANGE",
        StatusCode.Unimplemented => "UNIMPLEMENTED",
        StatusCode.Internal => "INTERNAL",
        StatusCode.Unavailable => "UNAVAILABLE",
        StatusCode.DataLoss => "DATA_LOSS",
        _ => "UNAUTHENTICATED",
    };
}
