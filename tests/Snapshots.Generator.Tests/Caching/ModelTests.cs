using System.Collections.Immutable;
using System.Reflection;
using Containerd.Snapshots.Generator;
using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.Caching;

/// <summary>The values that the generator's steps pass on.</summary>
internal sealed class ModelTests
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private const string Source = """
        namespace Samples;

        internal class Base
        {
            public SnapshotInfo[] Walk() => Array.Empty<SnapshotInfo>();
        }

        internal partial class Outer<T>
        {
            [Snapshotter]
            internal partial class Example : Base
            {
                public SnapshotInfo? Stat(string key) => null;
                public void Commit(string name, IReadOnlyDictionary<string, string> labels, SnapshotContext context) { }
                private new int Walk() => 1;
            }
        }
        """;

    [Test]
    public void Equal_sources_give_equal_models()
    {
        var (first, second) = (Model(Source), Model(Source));

        Assert.That(second, Is.EqualTo(first).And.Not.SameAs(first));
    }

    [Test]
    public void Equal_sources_give_models_of_equal_hash()
    {
        var (first, second) = (Model(Source), Model(Source));

        Assert.That(second.GetHashCode(), Is.EqualTo(first.GetHashCode()));
    }

    [TestCase("Samples", "Other")]
    [TestCase("Outer<T>", "Outer<U>")]
    [TestCase("class Outer", "struct Outer")]
    [TestCase("class Example", "class Other")]
    [TestCase("SnapshotInfo? Stat", "SnapshotInfo Stat")]
    [TestCase("string name, ", "")]
    [TestCase("Commit(", "CommitAsync(")]
    [TestCase("private new", "public new", Description = "No longer called on the base.")]
    public void Sources_of_other_output_give_other_models(string old, string @new) =>
        Assert.That(Model(Source.Replace(old, @new)), Is.Not.EqualTo(Model(Source)));

    /// <summary>A symbol, syntax, location or compilation would keep old compilations in memory.</summary>
    [Test]
    public void Models_hold_only_strings_and_flags() => Assert.That(
        TypesHeldBy(Model(Source).GetType()).Where(type => type.Namespace != "Containerd.Snapshots.Generator.Models"),
        Is.EquivalentTo([typeof(string), typeof(bool)]));

    private static object Model(string source)
    {
        var project = new Project(source);
        var result = Run.NewDriver(project).RunGenerators(project.Compile()).GetRunResult().Results.Single();
        return result.TrackedSteps[SnapshotterGenerator.Snapshotters].Single().Outputs.Single().Value;
    }

    /// <summary>A type and the types of its fields, recursively; for an array, of its elements.</summary>
    private static HashSet<Type> TypesHeldBy(Type model)
    {
        var types = new HashSet<Type>();
        Collect(model);
        return types;

        void Collect(Type type)
        {
            var isArray = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>);
            if (!isArray && (!types.Add(type) || type.Assembly != typeof(SnapshotterGenerator).Assembly))
                return;

            foreach (var held in isArray ? type.GetGenericArguments() : type.GetFields(Fields).Select(field => field.FieldType))
                Collect(held);
        }
    }
}
