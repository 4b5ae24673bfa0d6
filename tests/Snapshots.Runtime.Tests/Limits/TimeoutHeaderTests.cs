using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Fixtures;

namespace Containerd.Snapshots.Tests.Limits;

/// <summary>The header grpc-timeout, with values that client libraries do not send.</summary>
internal sealed class TimeoutHeaderTests
{
    private RunningHost _host = null!;
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _host = await RunningHost.StartAsync(new Scripted());
        _client = new HttpClient(UnixSocketHandler.To(_host.SocketPath));
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [TestCase("99999999H", BareRequest.Ok)]
    [TestCase("30S", BareRequest.Ok)]
    [TestCase("00000005M", BareRequest.Ok)]
    [TestCase("0S", BareRequest.DeadlineExceeded)]
    [TestCase("00000000n", BareRequest.DeadlineExceeded)]
    [TestCase("S", BareRequest.InvalidArgument)]
    [TestCase("1", BareRequest.InvalidArgument)]
    [TestCase("1x", BareRequest.InvalidArgument)]
    [TestCase("-1S", BareRequest.InvalidArgument)]
    [TestCase("+1S", BareRequest.InvalidArgument)]
    [TestCase("1 S", BareRequest.InvalidArgument)]
    [TestCase("123456789S", BareRequest.InvalidArgument)]
    [TestCase("99999999999999999999S", BareRequest.InvalidArgument)]
    public async Task The_header_is_read_as_gRPC_specifies(string timeout, string status) =>
        Assert.That(Known(await BareRequest.StatusOfAsync(_client, "Cleanup", [], timeout)), Is.EqualTo(status));

    [TestCase("1x", "cannot read the header grpc-timeout: it needs one to eight digits and a unit (H, M, S, m, u or n): invalid argument")]
    [TestCase("0S", "the caller's deadline passed before the call arrived")]
    public async Task A_refused_call_is_told_why(string timeout, string text) =>
        Assert.That((await BareRequest.AnswerOfAsync(_client, "Cleanup", [], timeout)).Text, Is.EqualTo(text));

    // Scripted has no Cleanup: Unimplemented shows that the call reached it.
    private static string Known(string status) => status == BareRequest.Unimplemented ? BareRequest.Ok : status;
}
