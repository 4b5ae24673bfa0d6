using Containerd.Snapshots.Generator.Shapes;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Generator.Calls;

/// <summary>Every call, answered in every form that a method can return.</summary>
internal sealed class FormTests
{
    private static readonly Payload[] NotFoundForNull = [Payload.Info, Payload.Usage, Payload.Mounts];

    private static readonly Dictionary<Payload, string> Answers = new()
    {
        [Payload.None] = "",
        [Payload.Info] = "layer",
        [Payload.Usage] = "11",
        [Payload.Mounts] = "/first /second",
        [Payload.NewMounts] = "/first /second",
        [Payload.Infos] = "layer",
    };

    private CalledProgram _program = null!;

    [OneTimeSetUp]
    public async Task StartProgram() => _program = await CalledProgram.StartAllAsync(Forms.Source);

    [OneTimeTearDown]
    public async Task StopProgram() => await _program.DisposeAsync();

    private static IEnumerable<string> Calls => ClientCalls.Names;

    private static IEnumerable<string> CallsWithPayload => Calls.Where(call => PayloadOf(call) != Payload.None);

    private static IEnumerable<string> AllForms => Forms.Names.Concat(Forms.Names.Select(Forms.Nullable));

    [Test]
    public async Task The_answer_arrives([ValueSource(nameof(Calls))] string call, [ValueSource(nameof(AllForms))] string form)
    {
        var answer = await _program.Calls.CallAsync(call, form, "default");

        Assert.That(answer, Is.EqualTo(Answers[PayloadOf(call)]));
    }

    [Test]
    public async Task Null_that_is_not_declared_is_Internal_and_names_the_call(
        [ValueSource(nameof(CallsWithPayload))] string call, [ValueSource(typeof(Forms), nameof(Forms.Names))] string form)
    {
        var failure = await _program.Calls.FailureAsync(call, form, "null");

        Assert.That(failure.Status, Has.Property("StatusCode").EqualTo(StatusCode.Internal).And.Property("Detail").Contains($"'s {call} "));
    }

    [Test]
    public async Task Null_that_is_declared_is_NotFound_where_a_snapshot_is_asked_for(
        [ValueSource(nameof(CallsWithPayload))] string call, [ValueSource(typeof(Forms), nameof(Forms.Names))] string form)
    {
        var failure = await _program.Calls.FailureAsync(call, Forms.Nullable(form), "null");

        Assert.That(failure.StatusCode, Is.EqualTo(NotFoundForNull.Contains(PayloadOf(call)) ? StatusCode.NotFound : StatusCode.Internal));
    }

    [TestCase("Stat")]
    [TestCase("Mounts")]
    [TestCase("Commit")]
    [TestCase("Remove")]
    [TestCase("Walk")]
    public async Task A_task_that_is_null_is_Internal_and_names_the_call(string call)
    {
        var failure = await _program.Calls.FailureAsync(call, "NoTasks", "default");

        Assert.That(failure.Status, Has.Property("StatusCode").EqualTo(StatusCode.Internal).And.Property("Detail").Contains($"'s {call} "));
    }

    [Test]
    public async Task An_error_of_the_snapshotter_arrives_as_it_is(
        [ValueSource(nameof(Calls))] string call, [ValueSource(typeof(Forms), nameof(Forms.Names))] string form)
    {
        var failure = await _program.Calls.FailureAsync(call, form, "exists");

        Assert.That(failure.Status, Has.Property("StatusCode").EqualTo(StatusCode.AlreadyExists).And.Property("Detail").Contains("layer"));
    }

    [Test]
    public async Task Another_exception_is_Unknown(
        [ValueSource(nameof(Calls))] string call, [ValueSource(typeof(Forms), nameof(Forms.Names))] string form)
    {
        var failure = await _program.Calls.FailureAsync(call, form, "bug");

        Assert.That(failure.Status, Has.Property("StatusCode").EqualTo(StatusCode.Unknown).And.Property("Detail").Contains("a bug"));
    }

    [Test]
    public async Task NotImplementedException_is_Unimplemented(
        [ValueSource(nameof(Calls))] string call, [ValueSource(typeof(Forms), nameof(Forms.Names))] string form)
    {
        var failure = await _program.Calls.FailureAsync(call, form, "later");

        Assert.That(failure.StatusCode, Is.EqualTo(StatusCode.Unimplemented));
    }
    private static Payload PayloadOf(string call) => CallTable.Get(call).Payload;
}
