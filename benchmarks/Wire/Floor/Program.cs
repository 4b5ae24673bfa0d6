using System.Globalization;
using Containerd.Snapshots.Benchmarks.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

if (args is not [var socket, var count])
{
    Console.Error.WriteLine("usage: floor SOCKET COUNT");
    return 2;
}

// Kestrel with the settings of a snapshotter's host.
var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole();
builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
{
    kestrel.Limits.MaxRequestBodySize = null;
    kestrel.Limits.MinRequestBodyDataRate = null;
    kestrel.Limits.MinResponseDataRate = null;
    kestrel.Limits.Http2.MaxStreamsPerConnection = 1024;
    kestrel.AddServerHeader = false;
    kestrel.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http2);
});

using var report = AllocationReport.Begin();
var endpoint = new FloorEndpoint(int.Parse(count, CultureInfo.InvariantCulture));
var app = builder.Build();
app.Run(endpoint.AnswerAsync);
await app.RunAsync();
return 0;
