namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>Exceptions of .NET although containerd has an error of that meaning.</summary>
internal sealed class UnknownErrorTests
{
    [TestCase("throw new [|InvalidOperationException|]();")]
    [TestCase("throw new [|KeyNotFoundException|](key);")]
    [TestCase("throw new [|FileNotFoundException|](key);")]
    [TestCase("throw new [|DirectoryNotFoundException|]();")]
    [TestCase("throw new [|System.IO.DirectoryNotFoundException|](key);")]
    [TestCase("if (key == \"\") throw new [|InvalidOperationException|](key);")]
    [TestCase("_ = Find(key) ?? throw new [|KeyNotFoundException|](key);")]
    [TestCase("try { _ = Find(key); } catch (IOException) { throw new [|KeyNotFoundException|](key); }")]
    [TestCase("try { throw new [|KeyNotFoundException|](key); } finally { _ = Find(key); }")]
    public void Would_be_unknown(string body) => Flaws.AssertAre(Class($$"""public void Remove(string key) { {{body}} }"""), "SNAP0054");

    [TestCase("public SnapshotInfo? Stat(string key) => throw new [|KeyNotFoundException|](key);")]
    [TestCase("public async Task Remove(string key) { await Task.Yield(); throw new [|InvalidOperationException|](key); }")]
    [TestCase("public partial void Remove(string key); public partial void Remove(string key) => throw new [|InvalidOperationException|](key);")]
    public void In_any_form_of_call(string method) => Flaws.AssertAre(Class(method), "SNAP0054");

    [TestCase("throw SnapshotterException.NotFound(key);")]
    [TestCase("throw new NotImplementedException();")]
    [TestCase("throw new IOException(key);")]
    [TestCase("throw new ObjectDisposedException(key);")]
    [TestCase("throw new MyException();")]
    [TestCase("try { throw new KeyNotFoundException(key); } catch (KeyNotFoundException) { }")]
    [TestCase("try { _ = Find(key); } catch (InvalidOperationException) { throw; }")]
    [TestCase("_ = new InvalidOperationException(key);")]
    [TestCase("Func<int> other = () => throw new InvalidOperationException(key); _ = other;")]
    [TestCase("Local(); void Local() => throw new InvalidOperationException(key);")]
    public void Other_exceptions_and_what_may_be_caught_are_ordinary(string body) =>
        Flaws.AssertNone(Class($$"""public void Remove(string key) { {{body}} }"""));

    [TestCase("public void Remove(string key) { } private void Helper() => throw new InvalidOperationException();")]
    [TestCase("public void Remove(string key) { } public Example() => throw new InvalidOperationException();")]
    [TestCase("public void Remove(string key) { } public class Nested { public void Remove(string key) => throw new InvalidOperationException(); }")]
    public void What_is_not_a_call_may_throw(string members) => Flaws.AssertNone(Class(members));

    private static string Class(string members) => $$"""
        internal class MyException : InvalidOperationException
        {
        }

        [Snapshotter]
        internal partial class Example
        {
            {{members}}

            internal static string? Find(string key) => key;
        }
        """;
}
