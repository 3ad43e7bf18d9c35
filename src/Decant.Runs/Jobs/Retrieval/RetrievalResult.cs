namespace Decant.Runs.Jobs.Retrieval;

/// <summary>How well models find documents.</summary>
/// <param name="Queries">How many queries.</param>
/// <param name="Documents">How many documents.</param>
/// <param name="Rows">A row for every model and form of its vectors, the model's whole float32 vectors first.</param>
internal sealed record RetrievalResult(int Queries, int Documents, IReadOnlyList<RetrievalRow> Rows);

/// <summary>How well a model finds documents with its vectors in a form: the means over all queries, from 0 to 1.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Form">How vectors are kept: float32, int8 or binary.</param>
/// <param name="Dimensions">How many numbers they have.</param>
/// <param name="Bytes">The bytes of a vector.</param>
/// <param name="NdcgAt10">nDCG of the first ten.</param>
/// <param name="MrrAt10">Reciprocal rank within the first ten.</param>
/// <param name="RecallAt10">The share of the relevant documents among the first ten.</param>
/// <param name="RecallAt100">The same of the first hundred.</param>
internal sealed record RetrievalRow(string Model, string Form, int Dimensions, int Bytes, double NdcgAt10, double MrrAt10, double RecallAt10, double RecallAt100);
