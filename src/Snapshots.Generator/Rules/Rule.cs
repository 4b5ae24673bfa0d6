using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Rules;

/// <summary>
/// The rules that a snapshotter is held to. Where several are broken in one place, the first in this order is reported.
/// </summary>
internal static class Rule
{
    private const string Category = "Snapshots";

    // The class.

    public static readonly DiagnosticDescriptor StaticClass = Error(
        "SNAP0001", "A snapshotter is not static",
        "'{0}' is static, and containerd's calls go to an instance: remove 'static'");

    public static readonly DiagnosticDescriptor AbstractClass = Error(
        "SNAP0002", "A snapshotter is not abstract",
        "'{0}' is abstract, and only a class that can be made can be hosted: remove 'abstract', or mark the class that derives from it");

    public static readonly DiagnosticDescriptor FileLocalClass = Error(
        "SNAP0003", "A snapshotter is not file-local",
        "'{0}' is visible in its own file alone, and generated code is in another: remove 'file' from '{1}'");

    public static readonly DiagnosticDescriptor NotPartial = Error(
        "SNAP0004", "A snapshotter is partial",
        "'{0}' must be partial, so that it can be given its interface: write 'partial' before '{1}'");

    public static readonly DiagnosticDescriptor ContainingTypeNotPartial = Error(
        "SNAP0005", "The types around a snapshotter are partial",
        "'{0}' must be partial, because the snapshotter '{1}' is inside it: write 'partial' before '{2}'");

    public static readonly DiagnosticDescriptor OldLanguage = Error(
        "SNAP0006", "A snapshotter needs C# 11",
        "'{0}' needs C# 11 or newer, and this project is at {1}: set <LangVersion>latest</LangVersion>, or remove the property");

    public static readonly DiagnosticDescriptor NoCalls = Error(
        "SNAP0007", "A snapshotter has calls",
        "'{0}' has no method that answers a call of containerd: write public methods named {1}, and, where wanted, {2}");

    // A method with a call's name.

    public static readonly DiagnosticDescriptor DefinedTwice = Error(
        "SNAP0010", "A call is defined once",
        "'{0}' answers {1}, as '{2}' does: keep one of them, and give the other a name that is not a call's");

    public static readonly DiagnosticDescriptor NotPublic = Error(
        "SNAP0011", "A call is public",
        "'{0}' answers {1} only if it is public: write 'public', or give it a name that is not a call's");

    public static readonly DiagnosticDescriptor StaticCall = Error(
        "SNAP0012", "A call is not static",
        "'{0}' answers {1} only as an instance method: remove 'static', or give it a name that is not a call's");

    public static readonly DiagnosticDescriptor GenericCall = Error(
        "SNAP0013", "A call is not generic",
        "'{0}' answers {1} and cannot be generic: remove the type parameters");

    public static readonly DiagnosticDescriptor ConditionalCall = Error(
        "SNAP0014", "A call is not conditional",
        "'{0}' answers {1} and cannot be conditional: the compiler would leave the method out, and containerd would hear of a success; remove the attribute");

    // A parameter.

    public static readonly DiagnosticDescriptor ByReference = Error(
        "SNAP0020", "Parameters of a call are passed by value",
        "The parameter '{0}' of '{1}' cannot be passed by reference: remove '{2}'");

    public static readonly DiagnosticDescriptor Params = Error(
        "SNAP0021", "Parameters of a call are not params",
        "The parameters of '{0}' are given by containerd's call and cannot be variable in number: remove '{1}'");

    public static readonly DiagnosticDescriptor UnknownParameter = Error(
        "SNAP0022", "Parameters of a call have its names",
        "{0} has nothing for the parameter '{1}': {2}");

    public static readonly DiagnosticDescriptor WrongParameterType = Error(
        "SNAP0023", "Parameters of a call have its types",
        "The parameter '{0}' of {1} is '{2}', not '{3}': write '{2} {0}'");

    public static readonly DiagnosticDescriptor TwoContexts = Error(
        "SNAP0024", "A call takes one context",
        "'{0}' takes a SnapshotContext already, and a call has one: remove '{1}'");

    public static readonly DiagnosticDescriptor BothFilterForms = Error(
        "SNAP0025", "Walk takes one form of filter",
        "'{0}' takes '{1}' and '{2}', which are the same: remove one of them");

    // What a method returns.

    public static readonly DiagnosticDescriptor RefReturn = Error(
        "SNAP0030", "A call returns by value",
        "'{0}' cannot return by reference: remove '{1}'");

    public static readonly DiagnosticDescriptor AsyncVoid = Error(
        "SNAP0031", "An async call returns a task",
        "'{0}' is async void, so that nobody knows when it is done or has failed: return '{1}'");

    public static readonly DiagnosticDescriptor WrongReturnType = Error(
        "SNAP0032", "A call returns its payload",
        "{0} cannot be answered with '{1}': return {2}");

    public static readonly DiagnosticDescriptor AmbiguousReturnType = Error(
        "SNAP0033", "A call returns one payload",
        "'{0}' can be read as an IEnumerable<SnapshotInfo> and as an IAsyncEnumerable<SnapshotInfo>: return one of these interfaces");

    // Likely slips.

    public static readonly DiagnosticDescriptor LikelySlip = Warning(
        "SNAP0040", "A method looks like a call under another name",
        "'{0}' looks like the answer to containerd's {1} but is never called, because of its name: write '{2}'");

    public static readonly DiagnosticDescriptor IncompleteCalls = Warning(
        "SNAP0041", "A snapshotter has the calls that containerd cannot do without",
        "'{0}' has {1} but no {2}: in containerd, {3}; write {2}");

    public static readonly DiagnosticDescriptor NotMarked = Error(
        "SNAP0042", "A hosted class is marked [Snapshotter]",
        "'{0}' is hosted as a snapshotter but is not marked as one: {1}");

    // What a call does.

    public static readonly DiagnosticDescriptor BlockingCall = Warning(
        "SNAP0050", "A call does not block its thread",
        "'{0}' in '{1}' holds a thread while it waits, and other calls lack it: {2}");

    public static readonly DiagnosticDescriptor UnusedCancellationToken = Info(
        "SNAP0051", "A call that takes a cancellation token uses it",
        "'{0}' is never used in '{1}', which goes on after containerd has given up: pass it on to what is awaited, or remove it");

    public static readonly DiagnosticDescriptor ReadOnlyPrepare = Warning(
        "SNAP0052", "Prepare returns writable mounts",
        "'{0}' returns a read-only mount, by which containerd 2.4 takes the layer as there already, and skips it: return a writable one, such as Mount.Bind or Mount.Overlay");

    public static readonly DiagnosticDescriptor LongLabel = Warning(
        "SNAP0053", "A label is at most 4096 bytes long",
        "The label '{0}' has {1} bytes, key and value together, and containerd takes at most 4096: shorten it, or store the value elsewhere");

    public static readonly DiagnosticDescriptor UnknownError = Warning(
        "SNAP0054", "A call fails with an error that containerd knows",
        "{0} from {1} reaches containerd as Unknown, by which it cannot tell what went wrong: write 'throw SnapshotterException.{2}'");

    public static readonly DiagnosticDescriptor MissingCancellationToken = Info(
        "SNAP0055", "A call that waits for what can be canceled takes a cancellation token",
        "'{0}' takes no cancellation token for '{1}', which goes on after containerd has given up: add 'CancellationToken cancellationToken' and pass it on");

    public static readonly DiagnosticDescriptor DiscardedTask = Warning(
        "SNAP0056", "A call does not discard a task",
        "'{0}' does not wait for '{1}', and containerd hears of a success even if that fails: return the task, or await it in an async method");

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        New(id, title, message, DiagnosticSeverity.Error);

    private static DiagnosticDescriptor Warning(string id, string title, string message) =>
        New(id, title, message, DiagnosticSeverity.Warning);

    private static DiagnosticDescriptor Info(string id, string title, string message) =>
        New(id, title, message, DiagnosticSeverity.Info);

    private static DiagnosticDescriptor New(string id, string title, string message, DiagnosticSeverity severity) =>
        new(id, title, message, Category, severity, isEnabledByDefault: true, helpLinkUri: HelpLink.Of(HelpLink.Repository, id));
}
