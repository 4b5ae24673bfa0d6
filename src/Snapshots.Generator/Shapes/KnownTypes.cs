using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>The types that calls use, looked up once for a compilation.</summary>
internal sealed class KnownTypes
{
    public const string SnapshotterAttribute = Runtime + ".SnapshotterAttribute";

    private const string Runtime = "Containerd.Snapshots";

    // For one compilation, the pipeline asks once for each marked class, and each analyzer once.
    private static readonly ConditionalWeakTable<Compilation, KnownTypes> OfCompilations = new();

    private readonly Compilation _compilation;

    private KnownTypes(Compilation compilation, INamedTypeSymbol attribute)
    {
        _compilation = compilation;
        Attribute = attribute;

        Info = Type($"{Runtime}.SnapshotInfo");
        Usage = Type($"{Runtime}.SnapshotUsage");
        Mount = Type($"{Runtime}.Mount");
        Filter = Type($"{Runtime}.SnapshotFilter");
        Context = Type($"{Runtime}.SnapshotContext");
        Result = Type($"{Runtime}.SnapshotResult");
        ResultOfT = Type($"{Runtime}.SnapshotResult`1");
        Fallback = Type($"{Runtime}.SnapshotterFallbackAttribute");
        Snapshotter = Type($"{Runtime}.ISnapshotter`1");
        NotASnapshotter = Type($"{Runtime}.CompilerServices.NotASnapshotter");

        CancellationToken = Type("System.Threading.CancellationToken");
        Task = Type("System.Threading.Tasks.Task");
        TaskOfT = Type("System.Threading.Tasks.Task`1");
        ValueTask = Type("System.Threading.Tasks.ValueTask");
        ValueTaskOfT = Type("System.Threading.Tasks.ValueTask`1");

        Disposable = Type("System.IDisposable");
        AsyncDisposable = Type("System.IAsyncDisposable");

        var text = compilation.GetSpecialType(SpecialType.System_String);
        String = text;
        StringList = Construct("System.Collections.Generic.IReadOnlyList`1", text);
        Labels = Construct("System.Collections.Generic.IReadOnlyDictionary`2", text, text);
        Mounts = Construct("System.Collections.Generic.IEnumerable`1", Mount);
        Infos = Construct("System.Collections.Generic.IEnumerable`1", Info);
        AsyncInfos = Construct("System.Collections.Generic.IAsyncEnumerable`1", Info);
    }

    /// <summary>The known types, or null if the runtime is not referenced.</summary>
    public static KnownTypes? In(Compilation compilation) =>
        compilation.GetTypeByMetadataName(SnapshotterAttribute) is { } attribute
            ? OfCompilations.GetValue(compilation, each => new(each, attribute))
            : null;

    public INamedTypeSymbol Attribute { get; }

    public ITypeSymbol? Info { get; }

    public ITypeSymbol? Usage { get; }

    public ITypeSymbol? Mount { get; }

    public ITypeSymbol? Filter { get; }

    public ITypeSymbol? Context { get; }

    public ITypeSymbol? Result { get; }

    public ITypeSymbol? ResultOfT { get; }

    public ITypeSymbol? Fallback { get; }

    public INamedTypeSymbol? Snapshotter { get; }

    public ITypeSymbol? NotASnapshotter { get; }

    public ITypeSymbol? CancellationToken { get; }

    public ITypeSymbol? Task { get; }

    public ITypeSymbol? TaskOfT { get; }

    public ITypeSymbol? ValueTask { get; }

    public ITypeSymbol? ValueTaskOfT { get; }

    public ITypeSymbol? Disposable { get; }

    public ITypeSymbol? AsyncDisposable { get; }

    public ITypeSymbol? String { get; }

    public ITypeSymbol? StringList { get; }

    public ITypeSymbol? Labels { get; }

    public ITypeSymbol? Mounts { get; }

    public ITypeSymbol? Infos { get; }

    public ITypeSymbol? AsyncInfos { get; }

    /// <summary>The known type that has the same short name as a type that is not known, or null.</summary>
    public ITypeSymbol? NamesakeOf(INamedTypeSymbol type)
    {
        ITypeSymbol?[] all =
        [
            Info, Usage, Mount, Filter, Context, Result, ResultOfT, CancellationToken, Task, TaskOfT, ValueTask, ValueTaskOfT,
            StringList?.OriginalDefinition, Labels?.OriginalDefinition, Infos?.OriginalDefinition, AsyncInfos?.OriginalDefinition,
        ];

        return all.Any(each => AreSame(type.OriginalDefinition, each)) ? null : all.FirstOrDefault(each => each?.Name == type.Name);
    }

    /// <summary>Whether two types are the same; nullability does not count.</summary>
    public static bool AreSame(ITypeSymbol? type, ITypeSymbol? known) =>
        known is not null && SymbolEqualityComparer.Default.Equals(type, known);

    /// <summary>Whether a type is, implements or is constrained to an interface.</summary>
    public static bool IsOrImplements(ITypeSymbol type, ITypeSymbol? known) =>
        AreSame(type, known)
        || type.AllInterfaces.Any(each => AreSame(each, known))
        || (type is ITypeParameterSymbol { ConstraintTypes: var constraints } && constraints.Any(each => IsOrImplements(each, known)));

    /// <summary>Whether a type is a result, with or without a value.</summary>
    public bool IsResult(ITypeSymbol? type) => AreSame(type, Result) || AreSame(type?.OriginalDefinition, ResultOfT);

    /// <summary>The type in a task that has a value; other types stay as they are.</summary>
    public ITypeSymbol WithoutTask(ITypeSymbol type) =>
        type is INamedTypeSymbol { TypeArguments: [var value] } && (AreSame(type.OriginalDefinition, TaskOfT) || AreSame(type.OriginalDefinition, ValueTaskOfT)) ? value : type;

    /// <summary>Whether a type is one of the kinds of tasks.</summary>
    public bool IsTask(ITypeSymbol? type) => type?.OriginalDefinition is { } definition
        && (AreSame(definition, Task) || AreSame(definition, TaskOfT) || AreSame(definition, ValueTask) || AreSame(definition, ValueTaskOfT));

    /// <summary>Whether a type is marked <c>[Snapshotter]</c> itself.</summary>
    public bool IsMarked(ITypeSymbol type) => type.GetAttributes().Any(each => AreSame(each.AttributeClass, Attribute));

    /// <summary>
    /// Whether a marked type has a service, or will have one from the generator; null if it is from another assembly, for which
    /// no generator ran.
    /// </summary>
    public bool? HasService(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        if (SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, _compilation.Assembly))
            return ClassForm.Of(type.OriginalDefinition, this, cancellationToken).CanBeExtended;

        return IsOrImplements(type, Snapshotter?.Construct(type)) ? true : null;
    }

    /// <summary>Whether the code of a type can use a symbol.</summary>
    public bool IsAccessible(ISymbol symbol, INamedTypeSymbol within) => _compilation.IsSymbolAccessibleWithin(symbol, within);

    private INamedTypeSymbol? Type(string metadataName) => _compilation.GetTypeByMetadataName(metadataName);

    private ITypeSymbol? Construct(string metadataName, params ITypeSymbol?[] arguments)
    {
        foreach (var argument in arguments)
        {
            if (argument is null)
                return null;
        }

        return Type(metadataName)?.Construct(arguments!);
    }
}
