using Containerd.Snapshots.CompilerServices;

namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>Classes that are hosted but not marked.</summary>
internal sealed class HostedTypeTests
{
    [TestCase("services.AddSnapshotter<[|Example|]>()")]
    [TestCase("services.[|AddSnapshotter|](_ => new Example())")]
    [TestCase("services.AddSnapshotter<[|Example|]>(_ => new Example())")]
    [TestCase("SnapshotterServiceCollectionExtensions.AddSnapshotter<[|Example|]>(services)")]
    [TestCase("app.MapSnapshotter<[|Example|]>()")]
    [TestCase("app.MapSnapshotter<[|Example|]>(\"name\")")]
    [TestCase("app?.MapSnapshotter<[|Example|]>(\"name\")")]
    [TestCase("SnapshotterHost.[|RunAsync|](args, _ => new Example())")]
    [TestCase("SnapshotterHost.RunAsync<[|Example|]>(args, _ => new Example())")]
    [TestCase("SnapshotterHost.[|RunAsync|](args, _ => new Example(), cancellationToken)")]
    [TestCase("SnapshotterHost.CreateBuilder(args).[|AddSnapshotter|](\"name\", _ => new Example())")]
    [TestCase("((services.[|AddSnapshotter|]))(_ => new Example())")]
    [TestCase("services.AddSnapshotter<[|IExample|]>()")]
    [TestCase("services.AddSnapshotter<[|T|]>()")]
    public void Not_marked(string host) => Flaws.AssertAreWithoutHost(Source(host), "SNAP0042");

    /// <summary>The analyzer looks only at invocations of these names.</summary>
    [Test]
    public void No_method_of_another_name_hosts() => Assert.That(
        new[] { typeof(SnapshotterHost).Assembly, typeof(SnapshotterAttribute).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetParameters().Any(each => each.ParameterType == typeof(NotASnapshotter[])))
            .Select(method => method.Name)
            .Distinct(),
        Is.EquivalentTo(["AddSnapshotter", "MapSnapshotter", "RunAsync"]));

    [TestCase("services.AddSnapshotter<Unknown>()", "CS0246")]
    [TestCase("SnapshotterHost.RunAsync(args, _ => new Unknown())", "CS0246")]
    [TestCase("services.AddSnapshotter<List<Unknown>>()", "CS0246")]
    [TestCase("services.AddSnapshotter<int>()", "CS0452")]
    public void A_type_that_cannot_be_hosted_is_reported_only_by_the_compiler(string host, string error)
    {
        var run = new Compiling.Project(Source(host)).Generate();

        Assert.That(run.All.Select(each => each.Id), Is.EqualTo([error]));
    }

    [Test]
    public void A_class_that_derives_from_a_marked_one_is_not_marked() => Flaws.AssertAreWithoutHost("""
        [Snapshotter]
        internal partial class Base
        {
            public void Remove(string key) { }
        }

        internal class Derived : Base
        {
        }

        internal static class Hosts
        {
            public static object Host(IServiceCollection services) => services.AddSnapshotter<[|Derived|]>();
        }
        """, "SNAP0042");

    [Test]
    public void A_type_parameter_with_the_constraint_is_ordinary() => Flaws.AssertAreWithoutHost("""
        internal static class Hosts
        {
            public static object Host<T>(IServiceCollection services)
                where T : class, ISnapshotter<T> => services.AddSnapshotter<T>();
        }
        """);

    private static string Source(string host) => $$"""
        internal interface IExample
        {
        }

        internal class Example : IExample
        {
            public void Remove(string key) { }
        }

        internal static class Hosts
        {
            public static object? Host<T>(IServiceCollection services, WebApplication app, string[] args, CancellationToken cancellationToken)
                where T : class => {{host}};
        }
        """;
}
