using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Rules;

/// <summary>
/// The rules for snapshotters. If several are broken in one place, the first in this order is reported.
/// </summary>
internal static class Rule
{
    private const string Category = "Snapshots";

    // The class.

    public static readonly DiagnosticDescriptor StaticClass = Error(
        "SNAP0001", "Snapshotter class is static",
        "'{0}' is static, but containerd's calls need an instance: remove 'static' from it and from its methods{1}");

    public static readonly DiagnosticDescriptor AbstractClass = Error(
        "SNAP0002", "Snapshotter class is abstract",
        "'{0}' is abstract, so the host cannot create it: {1}mark a derived class instead");

    public static readonly DiagnosticDescriptor FileLocalClass = Error(
        "SNAP0003", "Snapshotter class is file-local",
        "'{0}' is visible only in its own file, but generated code is in another: remove 'file' from '{1}'{2}");

    public static readonly DiagnosticDescriptor NotPartial = Error(
        "SNAP0004", "Snapshotter class is not partial",
        "'{0}' is not partial, so the generator cannot add to it: write 'partial' before '{1}'");

    public static readonly DiagnosticDescriptor ContainingTypeNotPartial = Error(
        "SNAP0005", "Type around a snapshotter is not partial",
        "'{0}' contains the snapshotter '{1}' but is not partial: write 'partial' before '{2}'");

    public static readonly DiagnosticDescriptor OldLanguage = Error(
        "SNAP0006", "C# version is too old for a snapshotter",
        "'{0}' needs C# 11 or later, but this project uses {1}: set <LangVersion>latest</LangVersion>, or remove the property");

    public static readonly DiagnosticDescriptor NoCalls = Error(
        "SNAP0007", "Snapshotter class has no calls",
        "'{0}' has no method that answers a call of containerd: write public methods named {1}{2}");

    // A method with a call's name.

    public static readonly DiagnosticDescriptor DefinedTwice = Error(
        "SNAP0010", "Two methods answer one call",
        "'{0}' has the name of {1}, which '{2}' answers: give it a name that is not a call's, or remove it");

    public static readonly DiagnosticDescriptor NotPublic = Error(
        "SNAP0011", "Call method is not public",
        "'{0}' does not answer {1}, because it is not public: write 'public'{2}, or give it a name that is not a call's");

    public static readonly DiagnosticDescriptor StaticCall = Error(
        "SNAP0012", "Call method is static",
        "'{0}' does not answer {1}, because it is static: remove 'static', or give it a name that is not a call's");

    public static readonly DiagnosticDescriptor GenericCall = Error(
        "SNAP0013", "Call method is generic",
        "'{0}' answers {1}, so it cannot be generic: {2}");

    public static readonly DiagnosticDescriptor ConditionalCall = Error(
        "SNAP0014", "Call method is conditional",
        "'{0}' answers {1}, so it cannot be conditional: where the compiler leaves it out, containerd is told that the call succeeded; remove '[Conditional]' from '{2}'");

    public static readonly DiagnosticDescriptor ExplicitCall = Warning(
        "SNAP0015", "Call method is an explicit implementation",
        "'{0}' does not answer {1}, because it implements the interface explicitly: write 'public' before it, and remove '{2}.'");

    public static readonly DiagnosticDescriptor NotAMethod = Error(
        "SNAP0016", "Member with a call's name is not a method",
        "'{0}' is {1}, so it does not answer {2}: write a method '{0}' instead");

    // A parameter.

    public static readonly DiagnosticDescriptor ByReference = Error(
        "SNAP0020", "Call parameter is passed by reference",
        "The parameter '{0}' of '{1}' is passed by reference: {2}");

    public static readonly DiagnosticDescriptor Params = Error(
        "SNAP0021", "Call has a variable number of parameters",
        "The parameter '{0}' of '{1}' takes any number of arguments, but containerd's call has a fixed number: {2}");

    public static readonly DiagnosticDescriptor UnknownParameter = Error(
        "SNAP0022", "Call parameter is unknown",
        "{0} has no parameter '{1}': {2}");

    public static readonly DiagnosticDescriptor WrongParameterType = Error(
        "SNAP0023", "Call parameter has the wrong type",
        "The parameter '{0}' of {1} must be '{2}', not '{3}': write '{2} {0}'");

    public static readonly DiagnosticDescriptor TwoContexts = Error(
        "SNAP0024", "Call takes several contexts",
        "'{0}' already takes a SnapshotContext: remove '{1}'");

    public static readonly DiagnosticDescriptor BothFilterForms = Error(
        "SNAP0025", "Walk takes both forms of the filter",
        "'{0}' takes '{1}' and '{2}', which mean the same: remove {3}");

    public static readonly DiagnosticDescriptor OutResult = Error(
        "SNAP0026", "Call has its result in an out parameter",
        "'{0}' has its result in '{1}', but containerd gets what it returns: remove '{1}'{2}");

    public static readonly DiagnosticDescriptor RequestParameter = Error(
        "SNAP0027", "Call takes a gRPC request",
        "{0} takes the fields of the request, not '{1}': {2}");

    public static readonly DiagnosticDescriptor Callback = Error(
        "SNAP0028", "Walk takes a callback",
        "'{0}' returns the snapshots, and nothing calls '{1}': remove '{1}'{2}");

    public static readonly DiagnosticDescriptor MissingKey = Warning(
        "SNAP0029", "Call does not take its key",
        "'{0}' does not take the {1}, so it cannot know which snapshot is meant: {2}");

    // What a method returns.

    public static readonly DiagnosticDescriptor RefReturn = Error(
        "SNAP0030", "Call returns by reference",
        "'{0}' returns by reference: {1}");

    public static readonly DiagnosticDescriptor AsyncVoid = Error(
        "SNAP0031", "Call is async void",
        "'{0}' is async void, so the runtime cannot wait for it or see its errors: return '{1}'");

    public static readonly DiagnosticDescriptor WrongReturnType = Error(
        "SNAP0032", "Call returns the wrong type",
        "{0} cannot return '{1}': return {2}");

    public static readonly DiagnosticDescriptor AmbiguousReturnType = Error(
        "SNAP0033", "Return type of Walk is ambiguous",
        "'{0}' is both an IEnumerable<SnapshotInfo> and an IAsyncEnumerable<SnapshotInfo>: return one of these interfaces");

    public static readonly DiagnosticDescriptor NullableAnswer = Warning(
        "SNAP0034", "Answer cannot be null",
        "'{0}' returns '{1}', but null is an internal error here: return '{2}', and throw a SnapshotterException if there is no answer");

    // Likely slips.

    public static readonly DiagnosticDescriptor LikelySlip = Warning(
        "SNAP0040", "Method looks like a misnamed call",
        "'{0}' looks like {1} but is never called, because of its name: write '{2}'");

    public static readonly DiagnosticDescriptor IncompleteCalls = Warning(
        "SNAP0041", "Snapshotter lacks calls that containerd needs",
        "'{0}' has {1} but no {2}: in containerd, {3}; write {4}");

    public static readonly DiagnosticDescriptor NotMarked = Error(
        "SNAP0042", "Hosted class is not marked [Snapshotter]",
        "'{0}' is hosted as a snapshotter but is not marked as one: {1}");

    public static readonly DiagnosticDescriptor HostedTask = Error(
        "SNAP0043", "Hosted snapshotter is in a task",
        "'{0}' gets a task, not a snapshotter: return '{1}' itself");

    public static readonly DiagnosticDescriptor ImplementedByHand = Warning(
        "SNAP0044", "ISnapshotter is implemented by hand",
        "'{0}' implements ISnapshotter, but the generator does that for marked classes: write '[Snapshotter]' on the class{1}");

    // What a call does.

    public static readonly DiagnosticDescriptor BlockingCall = Warning(
        "SNAP0050", "Call blocks its thread",
        "'{0}' in '{1}' blocks a thread that other calls need: {2}");

    public static readonly DiagnosticDescriptor UnusedCancellationToken = Info(
        "SNAP0051", "Cancellation token is not used",
        "'{0}' {1}, which continues after containerd gives up: {2}");

    public static readonly DiagnosticDescriptor ReadOnlyPrepare = Warning(
        "SNAP0052", "Prepare returns a read-only mount",
        "'{0}' returns a read-only mount, so containerd 2.4 assumes that the layer exists already and skips it: return a writable one, such as Mount.Bind or Mount.Overlay");

    public static readonly DiagnosticDescriptor LongLabel = Warning(
        "SNAP0053", "Label is longer than 4096 bytes",
        "The label '{0}' has {1} bytes, key and value together, but containerd accepts at most 4096: shorten it, or store the value elsewhere");

    public static readonly DiagnosticDescriptor UnknownError = Warning(
        "SNAP0054", "Call throws an exception that containerd does not know",
        "{0} from {1} reaches containerd as Unknown; use 'throw SnapshotterException.{2}' instead");

    public static readonly DiagnosticDescriptor MissingCancellationToken = Info(
        "SNAP0055", "Call takes no cancellation token",
        "'{0}' takes no cancellation token for '{1}', which continues after containerd gives up: add 'CancellationToken cancellationToken' and pass it on");

    public static readonly DiagnosticDescriptor DiscardedTask = Warning(
        "SNAP0056", "Call discards a task",
        "'{0}' does not wait for {1}, so containerd is told that the call succeeded even if it fails: {2}");

    public static readonly DiagnosticDescriptor DiscardedResult = Warning(
        "SNAP0057", "Call discards a result",
        "'{0}' discards the result of '{1}', so containerd is told that the call succeeded even if that is an error: {2}");

    public static readonly DiagnosticDescriptor UnconvertedResult = Warning(
        "SNAP0058", "Value does not convert to a result",
        "'{0}' does not convert to '{1}' by itself: write '{2}'");

    public static readonly DiagnosticDescriptor CallRequirement = Warning(
        "SNAP0059", "Call has an attribute that warns its callers",
        "'{0}' has [{1}], which warns its callers, but only generated code calls it: {2}");

    // A fallback.

    public static readonly DiagnosticDescriptor TwoFallbacks = Error(
        "SNAP0060", "Two members are fallbacks",
        "'{0}' is marked as the fallback, but '{1}' is already: keep the attribute on one of them");

    public static readonly DiagnosticDescriptor StaticFallback = Error(
        "SNAP0061", "Fallback is static",
        "'{0}' is static, but each snapshotter has a fallback of its own: remove 'static'");

    public static readonly DiagnosticDescriptor UnreachableFallback = Error(
        "SNAP0062", "Fallback cannot be read",
        "'{0}' cannot be read by its name in '{1}': make it a field or a property that '{1}' can read, with a name of its own");

    public static readonly DiagnosticDescriptor FallbackWithoutCalls = Error(
        "SNAP0063", "Fallback answers no call",
        "'{0}' has the type '{1}', which has no public method that answers a call of containerd: declare it as a type that has some");

    public static readonly DiagnosticDescriptor AmbiguousFallback = Error(
        "SNAP0064", "Several methods of a fallback fit one call",
        "'{0}' has several methods that fit {1}, {2}: write {1} in '{3}', and call one of them");

    public static readonly DiagnosticDescriptor FallbackMisfit = Warning(
        "SNAP0065", "Method of a fallback does not fit its call",
        "'{0}' has {1}, but containerd's calls are different, so {2} is Unimplemented: write {2} in '{3}'");

    public static readonly DiagnosticDescriptor UndisposedFallback = Warning(
        "SNAP0066", "Fallback is not disposed",
        "'{0}' is disposable, but '{1}' is not, so the host cannot dispose it: implement {2} in '{1}', and dispose '{0}' there");

    public static readonly DiagnosticDescriptor FallbackOfNoSnapshotter = Warning(
        "SNAP0067", "Fallback is in a class that is not a snapshotter",
        "'{0}' is marked as a fallback, but '{1}' is not a snapshotter: {2}remove '[SnapshotterFallback]'");

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        New(id, title, message, DiagnosticSeverity.Error);

    private static DiagnosticDescriptor Warning(string id, string title, string message) =>
        New(id, title, message, DiagnosticSeverity.Warning);

    private static DiagnosticDescriptor Info(string id, string title, string message) =>
        New(id, title, message, DiagnosticSeverity.Info);

    private static DiagnosticDescriptor New(string id, string title, string message, DiagnosticSeverity severity) =>
        new(id, title, message, Category, severity, isEnabledByDefault: true, helpLinkUri: HelpLink.Of(HelpLink.Repository, id));
}
