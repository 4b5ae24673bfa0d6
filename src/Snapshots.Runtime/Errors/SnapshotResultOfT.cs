namespace Containerd.Snapshots;

/// <summary>
/// A value, or an error as a value: for answers that are errors but normal, such as AlreadyExists from Prepare, which
/// should not cost an exception. Values and <see cref="SnapshotResult"/>'s errors convert to it.
/// </summary>
/// <typeparam name="T">The call's payload: <see cref="SnapshotInfo"/>, mounts, ...</typeparam>
public readonly record struct SnapshotResult<T>
{
    private readonly SnapshotResult _outcome;

    internal SnapshotResult(T? value, SnapshotResult outcome)
    {
        Value = value;
        _outcome = outcome;
    }

    /// <summary>The value; the default of its type if there is an error.</summary>
    public T? Value { get; }

    /// <inheritdoc cref="SnapshotResult.Error"/>
    public SnapshotterError? Error => _outcome.Error;

    /// <inheritdoc cref="SnapshotResult.Message"/>
    public string Message => _outcome.Message;

    /// <inheritdoc cref="SnapshotResult.IsSuccess"/>
    public bool IsSuccess => _outcome.IsSuccess;

    /// <summary>A value as a result.</summary>
    /// <param name="value">The value.</param>
    public static implicit operator SnapshotResult<T>(T value) => new(value, default);

    /// <summary>An error as a result.</summary>
    /// <param name="failure">An error.</param>
    /// <exception cref="ArgumentException">It is a success, which has no value.</exception>
    public static implicit operator SnapshotResult<T>(SnapshotResult failure) => failure.IsSuccess
        ? throw new ArgumentException("A success without a value is no result of this call: return the value.", nameof(failure))
        : new(default, failure);

    internal SnapshotResult Outcome => _outcome;
}
