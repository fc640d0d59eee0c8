// Where this PoseCoach is: everything is below a path that only this run has.
export const root = document.documentElement.dataset.root;
export const at = (path) => root + path;
export const socketAt = (path) => `ws://${location.host}${root}${path}`;
