namespace Sluice.SystemTests.Hydration;

/// <summary>How many threads of <see cref="RaceProgram"/> do what.</summary>
/// <param name="Readers">They open and read.</param>
/// <param name="Writers">They write now and then as well.</param>
/// <param name="Mappers">They read through mappings.</param>
/// <param name="MapWriters">They write through them as well.</param>
internal readonly record struct RaceThreads(int Readers, int Writers, int Mappers, int MapWriters);
