using CsCheck;

namespace Containerd.Snapshots.Tests.Model;

/// <summary>Random histories. Names are few, so that calls conflict.</summary>
public static class Histories
{
    private static readonly Gen<string> Name = Gen.OneOf("a", "b", "c", "d", "e", "f");
    private static readonly Gen<string> MaybeEmpty = Gen.Frequency((12, Name), (1, Gen.Const("")));
    private static readonly Gen<string> Parent = Gen.Frequency((1, Name), (1, Gen.Const("")));

    private static readonly Gen<Labels> AnyLabels =
        Gen.Select(Gen.OneOf("x", "y", "b.c"), Gen.OneOf("", "1", "2")).Array[0, 3]
            .Select(labels => new Labels([.. labels.DistinctBy(label => label.Item1)]));

    private static readonly Gen<Paths> AnyPaths =
        Gen.OneOf("labels", "labels.x", "labels.y", "labels.b.c", "parent").Array[0, 2].Select(paths => new Paths(paths));

    /// <summary>A random call.</summary>
    public static Gen<Operation> Operation { get; } = Gen.Frequency<Operation>(
        (5, Gen.Select(MaybeEmpty, Parent, AnyLabels, (key, parent, labels) => (Operation)new Operation.Prepare(key, parent, labels))),
        (2, Gen.Select(MaybeEmpty, Parent, AnyLabels, (key, parent, labels) => (Operation)new Operation.View(key, parent, labels))),
        (5, Gen.Select(MaybeEmpty, Name, Gen.Frequency((5, Gen.Const("")), (1, Name)), AnyLabels, (name, key, parent, labels) => (Operation)new Operation.Commit(name, key, parent, labels))),
        (3, Name.Select(key => (Operation)new Operation.Remove(key))),
        (2, Gen.Select(Name, AnyLabels, AnyPaths, (key, labels, paths) => (Operation)new Operation.Update(key, labels, paths))),
        (2, Name.Select(key => (Operation)new Operation.Stat(key))),
        (2, Name.Select(key => (Operation)new Operation.Mounts(key))),
        (1, Name.Select(key => (Operation)new Operation.Usage(key))),
        (1, Gen.Const((Operation)new Operation.Cleanup())),
        (1, Gen.OneOf<string>(Gen.OneOf("", "kind==active", "labels.x"), Name.Select(name => $"name=={name}"), Name.Select(name => $"parent=={name}"))
            .Select(filter => (Operation)new Operation.List(filter))));

    /// <summary>Calls one after the other.</summary>
    public static Gen<Operation[]> Sequential(int longest) => Operation.Array[1, longest];

    /// <summary>Calls one after the other, and then some at the same time.</summary>
    public static Gen<(Operation[] Before, Operation[] AtOnce)> Concurrent(int longest) => Gen.Select(Operation.Array[0, longest], Operation.Array[2, 5]);
}
