using System.Net;
using System.Net.Http.Headers;
using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Fixtures;

namespace Containerd.Snapshots.Tests.Limits;

/// <summary>The header grpc-timeout, with values that client libraries do not send.</summary>
internal sealed class TimeoutHeaderTests
{
    private const string Ok = "0", InvalidArgument = "3", DeadlineExceeded = "4";

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

    [TestCase("99999999H", Ok)]
    [TestCase("30S", Ok)]
    [TestCase("00000005M", Ok)]
    [TestCase("0S", DeadlineExceeded)]
    [TestCase("00000000n", DeadlineExceeded)]
    [TestCase("S", InvalidArgument)]
    [TestCase("1", InvalidArgument)]
    [TestCase("1x", InvalidArgument)]
    [TestCase("-1S", InvalidArgument)]
    [TestCase("+1S", InvalidArgument)]
    [TestCase("1 S", InvalidArgument)]
    [TestCase("123456789S", InvalidArgument)]
    [TestCase("99999999999999999999S", InvalidArgument)]
    public async Task It_is_read_as_gRPC_specifies(string timeout, string status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://localhost/containerd.services.snapshots.v1.Snapshots/Cleanup")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new byte[5]) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        request.Headers.Add("te", "trailers");
        request.Headers.TryAddWithoutValidation("grpc-timeout", timeout);

        using var response = await _client.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();

        var trailers = response.Headers.Contains("grpc-status") ? response.Headers : response.TrailingHeaders;
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(Known(trailers.GetValues("grpc-status").Single()), Is.EqualTo(status));
    }

    // Scripted has no Cleanup: Unimplemented shows that the call reached it.
    private static string Known(string status) => status == "12" ? Ok : status;
}
