using System.Reflection;
using System.Text.RegularExpressions;
using Containerd.Snapshots.CompilerServices;
using Containerd.Snapshots.Generator.Shapes;
using Containerd.Snapshots.Tests.Generator.Compiling;
using Containerd.Snapshots.Tests.Generator.Output;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Generator.Calls;

/// <summary>
/// A new call is a line in <c>Shapes/CallTable.cs</c>; these tests name the other files that the line needs. Nothing is
/// added here.
/// </summary>
internal sealed partial class CallTableTests
{
    private const string Proto = "proto/containerd/services/snapshots/v1/snapshots.proto";

    private static IEnumerable<string> Names => CallTable.Calls.Select(call => call.Name);

    [TestCaseSource(nameof(Names))]
    public void The_runtime_serves_the_call(string name)
    {
        var call = CallTable.Get(name);
        var method = typeof(SnapshotterService).GetMethod(name);
        var type = typeof(SnapshotterService).Assembly.GetType($"{typeof(SnapshotterService).Namespace}.{name}Call");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(type, Is.Not.Null, $"{name}Call.cs of the runtime: there is no class {name}Call");
            Assert.That(
                type?.GetProperties().Select(property => property.Name) ?? [],
                Is.SupersetOf(call.Parameters.Concat(CallTable.OfAnyName).Select(parameter => parameter.Property)),
                $"{name}Call.cs of the runtime: a parameter has no property");
            Assert.That(
                (method?.IsVirtual, method?.ReturnType, method?.GetParameters().Single().ParameterType),
                Is.EqualTo((true, typeof(ValueTask), type)),
                $"SnapshotterService.cs of the runtime: there is no method 'virtual ValueTask {name}({name}Call call)'");
            Assert.That(new CallTimeouts().Calls, Does.Contain(call.ServiceName), $"CallTimeouts.cs of the runtime: there is no time for {call.ServiceName}");
            Assert.That(HasPart(Read(Proto), $"rpc {call.ServiceName}("), $"{Proto}: containerd's service has no {call.ServiceName}");
        }
    }

    [TestCaseSource(nameof(Names))]
    public void Emitted_code_answers_the_call(string name)
    {
        var run = new Project(Stub(CallTable.Get(name))) { EditorConfig = "dotnet_diagnostic.SNAP0041.severity = none" }.Generate();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Shape.Complaints(run), Is.Empty, $"{name}Call.cs of the runtime: emitted code does not compile with it");
            Assert.That(HasPart(run.Emitted.Single().SourceText.ToString(), $"public override global::System.Threading.Tasks.ValueTask {name}("), "it is not emitted");
        }
    }

    [TestCaseSource(nameof(Names))]
    public void The_documentation_has_the_call(string name)
    {
        var call = CallTable.Get(name);
        var row = Rows("README.md").FirstOrDefault(row => row.Split('|')[1].Contains($"`{name}`", StringComparison.Ordinal));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(row, Is.Not.Null, "README.md: the table of calls has no row for it");
            foreach (var parameter in call.Parameters)
                Assert.That(row, Does.Contain($"`{parameter.Type.Text} {parameter.Name}`"), "README.md: the row leaves out a parameter");

            Assert.That(Rows("docs/contract.md"), Has.Some.StartsWith($"| `{name}("), "docs/contract.md: the table of calls has no row for it");
            Assert.That(HasPart(Read("docs/diagnostics/SNAP0007.md"), $"`{name}`"), "docs/diagnostics/SNAP0007.md does not name it");
            if (call.Consequence is not null)
                Assert.That(HasPart(Read("docs/diagnostics/SNAP0041.md"), $"`{name}`"), "docs/diagnostics/SNAP0041.md does not say what fails without it");
        }
    }

    [TestCaseSource(nameof(Names))]
    public void Tests_cover_the_call(string name)
    {
        const string Tests = "tests/Snapshots.Generator.Tests", Output = $"{Tests}/Output/ParameterTests.All_parameters.verified.cs";
        const string Stubs = "tests/Snapshots.Generator.CodeFixes.Tests/ImplementCallsTests.cs";
        var cases = typeof(ArgumentTests).GetMethod(nameof(ArgumentTests.Arguments_arrive))!.GetCustomAttributes<TestCaseAttribute>();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ClientCalls.Names, Does.Contain(name), $"{Tests}/Calls/ClientCalls.cs: no client makes it");
            Assert.That(cases.Select(each => each.Arguments[0]), Does.Contain(name), $"{Tests}/Calls/ArgumentTests.cs: its arguments are not tested");
            Assert.That(HasPart(Read(Output), $" {name}("), $"{Output}: its output is not approved");
            Assert.That(HasPart(Read(Stubs), CallTable.Get(name).Summary), $"{Stubs}: its stub is not tested");
        }
    }

    [Test]
    public void There_is_a_line_for_each_call_of_the_service()
    {
        var methods = typeof(SnapshotterService).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);
        var services = CallTable.Calls.Select(call => call.ServiceName).ToList();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(methods.Where(method => !method.IsSpecialName).Select(method => method.Name), Is.EquivalentTo(Names));
            Assert.That(RemoteCall().Matches(Read(Proto)).Select(call => call.Groups[1].Value), Is.EquivalentTo(services));
            Assert.That(new CallTimeouts().Calls, Is.EquivalentTo(services));
        }
    }

    [Test]
    public void A_synonym_means_one_call_and_is_no_name_of_another() =>
        Assert.That(CallTable.Calls.SelectMany(call => call.Synonyms.Select(each => each.ToUpperInvariant()).Append(call.Name.ToUpperInvariant()).Distinct()), Is.Unique);

    /// <summary>A snapshotter that takes all that the call has; of the filter's forms, the first.</summary>
    private static string Stub(SnapshotterCall call)
    {
        var parameters = call.Parameters.Where(each => !each.IsFilter || each == call.Parameters[0]).Concat(CallTable.OfAnyName);

        return $$"""
            [Snapshotter]
            internal partial class Example
            {
                public {{call.Payload.AsyncText}} {{call.Name}}({{string.Join(", ", parameters.Select(each => $"{each.Type.Text} {each.Name}"))}}) => throw new NotImplementedException();
            }
            """;
    }

    private static IEnumerable<string> Rows(string file) => Read(file).Split('\n').Where(line => line.StartsWith('|'));

    /// <summary>Whether a text has a part, for failures that do not print the whole text.</summary>
    private static bool HasPart(string text, string part) => text.Contains(part, StringComparison.Ordinal);

    private static string Read(string file) => File.ReadAllText(Repository.PathOf(file));

    [GeneratedRegex(@"^\s*rpc (\w+)\(", RegexOptions.Multiline)]
    private static partial Regex RemoteCall();
}
