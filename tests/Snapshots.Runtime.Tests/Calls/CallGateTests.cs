using Containerd.Snapshots.Runtime.Calls;
using Containerd.Snapshots.Runtime.Insight;
using Containerd.Snapshots.Tests.Fixtures;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Containerd.Snapshots.Tests.Calls;

/// <summary>What happens to a call before and after the gRPC layer.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class CallGateTests : IDisposable
{
    private readonly SnapshotterLimits _limits = new();
    private readonly CallInsight _insight = new();
    private readonly RunningCalls _calls;

    public CallGateTests() => _calls = new(Options.Create(_limits), new(NullLoggerFactory.Instance), _insight);

    [TearDown]
    public void Dispose()
    {
        _calls.Dispose();
        _insight.Dispose();
    }

    [Test]
    public async Task A_request_is_not_over_while_the_clock_answers_it()
    {
        _limits.CallTimeouts["List"] = TimeSpan.FromMilliseconds(1);
        var (unread, isAnswered) = (new UnreadResponse(), false);
        unread.OnReset = _ => isAnswered = true;
        var gate = Guarded(async http =>
        {
            var call = http.Features.GetRequiredFeature<RunningCall>();
            await Eventually.TrueAsync(() => call.IsTimedOut, "the call times out");
        });

        await Eventually.Within(gate(unread.Http));

        Assert.That(isAnswered, Is.True);
        Assert.That(_calls.Count, Is.Zero);
    }

    private RequestDelegate Guarded(RequestDelegate answer)
    {
        var endpoint = new RouteEndpointBuilder(answer, RoutePatternFactory.Parse("/"), order: 0)
        {
            Metadata = { new GrpcMethodMetadata(typeof(CallGateTests), CallMethods.List) },
        };
        new CallGate(_calls, Options.Create(_limits)).Guard(endpoint);
        return endpoint.RequestDelegate!;
    }
}
