namespace Sluice.Server.Operations;

/// <summary>What an operation may know of a request besides its input.</summary>
/// <param name="Operation">Name of the operation.</param>
/// <param name="CanonicalRequest">Canonical JSON of every member but ClientRequestToken, for the token's comparison.</param>
/// <param name="Notes">What an operation says beside its answer, by header name: the model has no member for it and clients don't look.</param>
internal sealed record RequestContext(string Operation, string CanonicalRequest, IDictionary<string, string> Notes);
