using System.CommandLine;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using Containerd.Snapshots.CompilerServices;
using Containerd.Snapshots.Hosting.CommandLine;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Hosting.Setup;

namespace Containerd.Snapshots;

/// <summary>Builds a program with its own options, or with several named snapshotters on one socket.</summary>
public sealed class SnapshotterHostBuilder
{
    private readonly string[] _args;
    private readonly HostedProgram _program = new();

    internal SnapshotterHostBuilder(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        _args = args;
    }

    /// <summary>
    /// Adds an option to the command line, in addition to those of every host. <c>--help</c> lists it, and
    /// <see cref="SnapshotterHostContext.GetValue"/> returns its value.
    /// </summary>
    /// <param name="option">The option, with its description for <c>--help</c>.</param>
    /// <exception cref="ArgumentException">The program or the host already has an option with this name or alias.</exception>
    public SnapshotterHostBuilder AddOption(Option option)
    {
        ArgumentNullException.ThrowIfNull(option);
        foreach (var name in (IEnumerable<string>)[option.Name, .. option.Aliases])
        {
            if (HostOptionSet.Names.Contains(name) || _program.Options.Exists(other => other.Name == name || other.Aliases.Contains(name)))
                throw new ArgumentException($"The option \"{name}\" already exists.", nameof(option));
        }

        _program.Options.Add(option);
        return this;
    }

    /// <summary>
    /// Declares a capability that containerd may use, such as <c>remap-ids</c> or <c>rebase</c>: the command <c>config</c>
    /// prints it, and <c>check</c> reports if containerd's configuration has other ones.
    /// </summary>
    /// <param name="capability">The capability's name in containerd's configuration.</param>
    public SnapshotterHostBuilder AddCapability(string capability) => AddCapability(capability, static _ => true);

    /// <summary>Declares a capability that depends on the command line.</summary>
    /// <param name="capability">The capability's name in containerd's configuration.</param>
    /// <param name="isThere">Returns whether the snapshotter has the capability with the given options.</param>
    public SnapshotterHostBuilder AddCapability(string capability, Func<SnapshotterCommandLine, bool> isThere)
    {
        ArgumentException.ThrowIfNullOrEmpty(capability);
        ArgumentNullException.ThrowIfNull(isThere);
        _program.Capabilities.Add(new(capability, isThere));
        return this;
    }

    /// <summary>
    /// Declares an export: a value that other parts of containerd read in its configuration, such as
    /// <c>enable_remote_snapshot_annotations</c>. The command <c>config</c> prints it, and <c>check</c> reports if containerd's
    /// configuration has another value. The export <c>root</c> defaults to the directory of <c>--root</c>.
    /// </summary>
    /// <param name="name">The name of the export.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ArgumentException">An export with this name was already added.</exception>
    public SnapshotterHostBuilder AddExport(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        if (_program.Exports.Exists(other => other.Key == name))
            throw new ArgumentException($"The export \"{name}\" already exists.", nameof(name));

        _program.Exports.Add(new(name, value));
        return this;
    }

    /// <summary>
    /// Adds a check to the command <c>check</c>, in addition to those of every host: something that the snapshotter needs on
    /// this machine. It runs once for each snapshotter, but no snapshotter is created. It must not create or change anything.
    /// </summary>
    /// <param name="name">What is checked, in one or two words: the label of each printed result.</param>
    /// <param name="check">Returns the results. An exception is printed as a result of level <c>wrong</c>.</param>
    public SnapshotterHostBuilder AddCheck(string name, Func<SnapshotterCommandLine, IEnumerable<SnapshotterCheckResult>> check)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(check);
        _program.Checks.Add(new(name, check));
        return this;
    }

    /// <summary>
    /// Adds a command beside <c>config</c> and <c>check</c>, such as one that prints what is in the root directory. It gets the
    /// option <c>--root</c> and the program's own options. No snapshotter is created, and nothing is locked: a snapshotter may
    /// be running with the same root.
    /// </summary>
    /// <param name="command">The command, with its description, its arguments and its own options. Its action is set here.</param>
    /// <param name="run">
    /// Runs the command and returns the exit code. A <see cref="SnapshotterException"/> becomes a sentence on standard error,
    /// and the exit code 1.
    /// </param>
    /// <exception cref="ArgumentException">The program or the host already has a command with this name.</exception>
    public SnapshotterHostBuilder AddCommand(Command command, Func<SnapshotterCommandLine, ParseResult, CancellationToken, Task<int>> run)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(run);
        if (command.Name is CommandNames.Config or CommandNames.Check || _program.Commands.Exists(other => other.Command.Name == command.Name))
            throw new ArgumentException($"The command \"{command.Name}\" already exists.", nameof(command));

        _program.Commands.Add(new(command, run));
        return this;
    }

    /// <summary>Changes the defaults of the limits. Options on the command line override them.</summary>
    /// <param name="configure">Changes the limits.</param>
    public SnapshotterHostBuilder ConfigureLimits(Action<SnapshotterLimits> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(_program.Limits);
        return this;
    }

    /// <summary>Adds the only snapshotter, which may have any name in containerd's configuration.</summary>
    /// <typeparam name="T">A class marked <see cref="SnapshotterAttribute"/>.</typeparam>
    /// <param name="create">
    /// Creates the snapshotter, after the command line was validated. An exception ends the program with its message; its stack
    /// is logged at level debug. A disposable snapshotter is disposed after the last call.
    /// </param>
    /// <exception cref="InvalidOperationException">Another snapshotter was already added.</exception>
    [OverloadResolutionPriority(1)] // A lambda that only throws would fit both.
    public SnapshotterHostBuilder AddSnapshotter<T>(Func<SnapshotterHostContext, T> create)
        where T : class, ISnapshotter<T>
    {
        ArgumentNullException.ThrowIfNull(create);
        return AddOnly(context => Task.FromResult(create(context)));
    }

    /// <summary>Adds the only snapshotter, created asynchronously, which may have any name in containerd's configuration.</summary>
    /// <typeparam name="T">A class marked <see cref="SnapshotterAttribute"/>.</typeparam>
    /// <param name="create">
    /// Creates the snapshotter, after the command line was validated. An exception ends the program with its message; its stack
    /// is logged at level debug. A disposable snapshotter is disposed after the last call.
    /// </param>
    /// <exception cref="InvalidOperationException">Another snapshotter was already added.</exception>
    public SnapshotterHostBuilder AddSnapshotter<T>(Func<SnapshotterHostContext, Task<T>> create)
        where T : class, ISnapshotter<T>
    {
        ArgumentNullException.ThrowIfNull(create);
        return AddOnly(create);
    }

    /// <summary>Accepts a class that is not a snapshotter, so that only the analyzers report what is wrong with it.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public SnapshotterHostBuilder AddSnapshotter<T>(Func<SnapshotterHostContext, T> create, params NotASnapshotter[] _)
        where T : class => throw NotASnapshotter.Hosted<T>();

    /// <summary>Adds a snapshotter with a name. Its root directory is the subdirectory of <c>--root</c> with this name.</summary>
    /// <typeparam name="T">A class marked <see cref="SnapshotterAttribute"/>.</typeparam>
    /// <param name="name">Its name in containerd's configuration: <c>[proxy_plugins.NAME]</c>.</param>
    /// <param name="create">
    /// Creates the snapshotter, after the command line was validated. An exception ends the program with its message; its stack
    /// is logged at level debug. A disposable snapshotter is disposed after the last call.
    /// </param>
    /// <exception cref="ArgumentException">The name is empty, is not a valid name of a directory, or was already added.</exception>
    /// <exception cref="InvalidOperationException">A snapshotter without a name was added, which must be the only one.</exception>
    [OverloadResolutionPriority(1)] // A lambda that only throws would fit both.
    public SnapshotterHostBuilder AddSnapshotter<T>(string name, Func<SnapshotterHostContext, T> create)
        where T : class, ISnapshotter<T>
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(create);
        return AddNamed(name, context => Task.FromResult(create(context)));
    }

    /// <summary>
    /// Adds a snapshotter with a name, created asynchronously. Its root directory is the subdirectory of <c>--root</c> with
    /// this name.
    /// </summary>
    /// <typeparam name="T">A class marked <see cref="SnapshotterAttribute"/>.</typeparam>
    /// <param name="name">Its name in containerd's configuration: <c>[proxy_plugins.NAME]</c>.</param>
    /// <param name="create">
    /// Creates the snapshotter, after the command line was validated. An exception ends the program with its message; its stack
    /// is logged at level debug. A disposable snapshotter is disposed after the last call.
    /// </param>
    /// <exception cref="ArgumentException">The name is empty, is not a valid name of a directory, or was already added.</exception>
    /// <exception cref="InvalidOperationException">A snapshotter without a name was added, which must be the only one.</exception>
    public SnapshotterHostBuilder AddSnapshotter<T>(string name, Func<SnapshotterHostContext, Task<T>> create)
        where T : class, ISnapshotter<T>
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(create);
        return AddNamed(name, create);
    }

    /// <summary>Accepts a class that is not a snapshotter, so that only the analyzers report what is wrong with it.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public SnapshotterHostBuilder AddSnapshotter<T>(string name, Func<SnapshotterHostContext, T> create, params NotASnapshotter[] _)
        where T : class => throw NotASnapshotter.Hosted<T>();

    /// <summary>Runs the program until SIGTERM or SIGINT.</summary>
    /// <param name="cancellationToken">Stops the host, as SIGTERM does.</param>
    /// <returns>
    /// The exit code: 0, or 1 if the program cannot start, with the reason on standard error, or if <c>check</c> finds something
    /// wrong.
    /// </returns>
    /// <exception cref="InvalidOperationException">No snapshotter was added.</exception>
    public Task<int> RunAsync(CancellationToken cancellationToken = default) => _program.Snapshotters.Count == 0
        ? throw new InvalidOperationException("No snapshotter was added: call AddSnapshotter first.")
        : HostCommandLine.InvokeAsync(_args, _program, cancellationToken);

    internal void Add<T>(string? name, Func<SnapshotterHostContext, Task<T>> create)
        where T : class, ISnapshotter<T> =>
        _program.Snapshotters.Add(new HostedSnapshotter(name, typeof(T), async context =>
        {
            var snapshotter = await create(context).ConfigureAwait(false)
                ?? throw new SetupException($"the program returned null instead of a {typeof(T).Name}");
            return (snapshotter, T.CreateService(snapshotter));
        }));

    private SnapshotterHostBuilder AddOnly<T>(Func<SnapshotterHostContext, Task<T>> create)
        where T : class, ISnapshotter<T>
    {
        if (_program.Snapshotters.Count > 0)
            throw new InvalidOperationException("A snapshotter without a name answers every name, so it must be the only one.");

        Add(null, create);
        return this;
    }

    private SnapshotterHostBuilder AddNamed<T>(string name, Func<SnapshotterHostContext, Task<T>> create)
        where T : class, ISnapshotter<T>
    {
        if (name is "." or ".." || name.Contains('/', StringComparison.Ordinal))
            throw new ArgumentException($"\"{name}\" cannot be a snapshotter's name: it is not a valid name of a directory.", nameof(name));

        if (_program.Snapshotters.Exists(other => other.Name is null))
            throw new InvalidOperationException("A snapshotter without a name answers every name, so it must be the only one.");

        if (_program.Snapshotters.Exists(other => other.Name == name))
            throw new ArgumentException($"Two snapshotters have the name \"{name}\".", nameof(name));

        Add(name, create);
        return this;
    }
}
