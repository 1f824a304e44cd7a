// The user's answer where an engine runs already without a window: it shall stop. Loaded before the app.
const { dialog } = require('electron');

dialog.showMessageBox = async ({ buttons }) => ({
  response: buttons.indexOf('Stop it and open here'),
  checkboxChecked: false,
});
