namespace Decant;

/// <summary>Marks an option that names a file or folder: the recipe reader takes it relative to the recipe's own folder and hands it on as a full path.</summary>
/// <remarks>Goes on a property of type <see cref="string"/> or a list of them.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LocalPathAttribute : Attribute;
