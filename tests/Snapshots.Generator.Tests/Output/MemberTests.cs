using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.Output;

/// <summary>What a class can have besides calls, and calls can be.</summary>
internal sealed class MemberTests
{
    [Test]
    public void Helpers_that_are_not_public_are_ordinary() => Shape.AssertApprovedCalls(new Project("""
        namespace Samples;

        [Snapshotter]
        internal partial class Example
        {
            public void Remove(string key) => Remove(key, false);

            public void Commit(string name, string key) => Commit(name, key, 0);

            internal static void Remove(string key, bool force) { }

            protected void Commit(string name, string key, int attempt) { }

            private void Commit(in object name) { }

            private void Remove<T>(T key) { }
        }
        """));

    [Test]
    public void Members_of_other_kinds_are_ordinary() => Shape.AssertApprovedCalls(new Project("""
        namespace Samples;

        internal interface IRemover
        {
            void Remove(int number);
        }

        [Snapshotter]
        internal partial class Example : IRemover
        {
            public Func<string, SnapshotInfo>? Stat { get; init; }

            public required int Usage { get; init; }

            public void Cleanup() { }

            void IRemover.Remove(int number) { }

            internal class Mounts { }
        }
        """));

    [Test]
    public void Partial_methods() => Shape.AssertApprovedCalls(new Project(
        """
        namespace Samples;

        [Snapshotter]
        internal partial class Example
        {
            public partial Task Remove(string key);
        }
        """,
        """
        namespace Samples;

        internal partial class Example
        {
            public async partial Task Remove(string key) => await Task.Yield();
        }
        """));

    [Test]
    public void Members_of_every_other_kind() => Shape.AssertCompiles(
        new Project("""
            internal interface IRemover
            {
                void Remove(string key) { }
                void Commit(string name, int attempts);
            }

            [Snapshotter]
            internal partial class Example : IRemover
            {
                static Example() { }
                public Example(string update) => View = update;
                ~Example() { }

                public const int Walk = 1;
                public readonly string View;
                public event Action? Stat;
                public required int Usage { get; init; }
                [IndexerName("Remove")]
                public int this[string key] => 1;
                public static bool operator !(Example example) => true;
                public static explicit operator int(Example example) => 1;
                void IRemover.Commit(string name, int attempts) => Stat?.Invoke();
                public void Cleanup() { }

                public enum Mounts { }
                public delegate void Prepare(string key);
            }

            internal static class Extensions
            {
                extension(Example example)
                {
                    public void Update(int info) => throw new NotSupportedException();
                    public int Length => 1;
                }

                public static void Remove(this Example example, int key) => throw new NotSupportedException();
            }
            """));

    [Test]
    public void Partial_members_of_every_kind() => Shape.AssertCompiles(new Project(
        """
        [Snapshotter]
        internal partial class Example
        {
            public partial Example();
            public partial event Action? Stat;
            public partial int Usage { get; }
            public partial int this[int key] { get; }
            public partial void Remove(string key);
            partial void Note(string key);
            public int Walk { get; set => field = value + 1; }
        }
        """,
        """
        internal partial class Example
        {
            public partial Example() { }
            public partial event Action? Stat { add { } remove { } }
            public partial int Usage => 1;
            public partial int this[int key] => 1;
            public partial void Remove(string key) => Note(key);
        }
        """));

    [Test]
    public void Defaults_of_every_kind() => Shape.AssertCompiles(new Project(""""
        [Snapshotter]
        internal partial class Example
        {
            private const string Default = """{"\n""";

            public SnapshotInfo? Stat(string key = "a\"\\\n\0", CancellationToken cancellationToken = default) => null;
            public void Remove(string key = Default, SnapshotContext? context = null) { }
            public void Commit(string name = nameof(Commit), [CallerMemberName] string key = "") { }
            public SnapshotInfo? Update(SnapshotInfo? info = default, IReadOnlyList<string>? fieldPaths = null) => info;
        }
        """"));
}
