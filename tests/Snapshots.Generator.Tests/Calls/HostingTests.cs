namespace Containerd.Snapshots.Tests.Generator.Calls;

/// <summary>The ways in which a marked class is hosted.</summary>
internal sealed class HostingTests
{
    private const string Snapshotter = """
        using Microsoft.AspNetCore.Hosting;
        using Microsoft.AspNetCore.Server.Kestrel.Core;
        using Microsoft.Extensions.Hosting;

        internal partial record Outer<T>
        {
            [Snapshotter]
            internal sealed partial class Example<TKey>(Outer<T>.Greeting greeting) : Base
                where TKey : notnull
            {
                public SnapshotInfo Stat(string key) => new() { Name = $"{greeting.Text} {key}", Kind = SnapshotKind.Active };

                private new void Remove(string key) => throw new InvalidOperationException("the helper, not the call");
            }

            internal sealed record Greeting(string Text);
        }

        internal class Base
        {
            public Mount Mounts(string key) => Mount.Bind($"/base/{key}");

            public void Remove(string key) { }
        }

        """;

    private const string Alone = Snapshotter + """
        public static class Program
        {
            public static Task<int> RunAsync(string[] args, CancellationToken cancellationToken) =>
                SnapshotterHost.RunAsync(args, host => new Outer<int>.Example<string>(new("hello")), cancellationToken);
        }
        """;

    private const string InAnApp = Snapshotter + """
        public static class Program
        {
            public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
            {
                var builder = WebApplication.CreateEmptyBuilder(new());
                builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.ListenUnixSocket(args[0], listen => listen.Protocols = HttpProtocols.Http2));
                builder.Services.AddSingleton(new Outer<int>.Greeting("hello"));
                builder.Services.AddSnapshotter<Outer<int>.Example<string>>();

                await using var app = builder.Build();
                app.MapSnapshotter<Outer<int>.Example<string>>();
                await app.RunAsync(cancellationToken);
                return 0;
            }
        }
        """;

    private const string InAnAppByName = Snapshotter + """
        public static class Program
        {
            public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
            {
                var builder = WebApplication.CreateEmptyBuilder(new());
                builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.ListenUnixSocket(args[0], listen => listen.Protocols = HttpProtocols.Http2));
                builder.Services.AddSnapshotter(_ => new Outer<int>.Example<string>(new("hello")));
                builder.Services.AddSnapshotter(_ => new Outer<int>.Example<char>(new("bye")));

                await using var app = builder.Build();
                app.MapSnapshotter<Outer<int>.Example<string>>("any");
                app.MapSnapshotter<Outer<int>.Example<char>>("other");
                await app.RunAsync(cancellationToken);
                return 0;
            }
        }
        """;

    private static IEnumerable<TestCaseData<string>> Programs =>
    [
        new(Alone) { TestName = "Alone" },
        new(InAnApp) { TestName = "In an app" },
        new(InAnAppByName) { TestName = "In an app by name" },
    ];

    [TestCaseSource(nameof(Programs))]
    public async Task Calls_arrive_declared_or_inherited_and_never_at_a_helper(string source)
    {
        await using var program = await CalledProgram.StartAsync(source);

        var stat = await program.Calls.CallAsync("Stat", "any", "default");
        var mounts = await program.Calls.CallAsync("Mounts", "any", "default");
        var remove = await program.Calls.CallAsync("Remove", "any", "default");

        Assert.That((stat, mounts, remove), Is.EqualTo(("hello key", "/base/key", "")));
    }
}
