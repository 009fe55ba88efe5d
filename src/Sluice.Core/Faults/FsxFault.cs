namespace Sluice.Core.Faults;

/// <summary>A refusal that is the caller's to see: code and message go onto the wire as they are.</summary>
public sealed class FsxFault : Exception
{
    /// <summary>Makes a fault with a modelled code.</summary>
    /// <param name="code">What went wrong, as the model names it.</param>
    /// <param name="message">For the caller: names the input, its value and the rule; 1 to 256 characters on the wire.</param>
    public FsxFault(FaultCode code, string message)
        : base(message) => Code = code;

    /// <summary>The modelled error.</summary>
    public FaultCode Code { get; }

    /// <summary>Extra modelled members of this error (<c>Parameter</c>, <c>Limit</c>, <c>ResourceARN</c>), by wire name.</summary>
    public IReadOnlyDictionary<string, string> Members { get; init; } = new Dictionary<string, string>();
}
